package io.brokkr.plugin.metadata;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeClusterRequest;
import io.brokkr.protocol.message.DescribeClusterResponse;
import io.brokkr.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.concurrent.CompletionStage;

/** Serves DescribeCluster (KIP-700). There are no fenced brokers: one that is not live is not in the cluster. */
final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequest> {

    /** The kinds of nodes that a client may ask for (KIP-919). */
    private static final byte BROKERS = 1;

    private static final byte CONTROLLERS = 2;

    private final Cluster cluster;

    DescribeClusterHandler(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Api<DescribeClusterRequest> api() {
        return DescribeClusterRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, DescribeClusterRequest request) {
        return Response.completed(
                switch (request.endpointType()) {
                    case BROKERS -> response(context, request);
                    case CONTROLLERS ->
                        error(ErrorCode.MISMATCHED_ENDPOINT_TYPE, "this is a broker; it does not know of controllers");
                    default ->
                        error(
                                ErrorCode.UNSUPPORTED_ENDPOINT_TYPE,
                                "there is no endpoint type " + request.endpointType() + "; 1 stands for brokers");
                });
    }

    private DescribeClusterResponse response(RequestContext context, DescribeClusterRequest request) {
        return DescribeClusterResponse.builder()
                .clusterId(cluster.id())
                .controllerId(cluster.controllerId())
                .brokers(cluster.brokers(context.listener()).stream()
                        .map(DescribeClusterHandler::describe)
                        .toList())
                .clusterAuthorizedOperations(
                        request.includeClusterAuthorizedOperations()
                                ? AuthorizedOperations.onCluster(context)
                                : AuthorizedOperations.NOT_ASKED)
                .build();
    }

    private static DescribeClusterBroker describe(Cluster.Broker broker) {
        return DescribeClusterBroker.builder()
                .brokerId(broker.id())
                .host(broker.host())
                .port(broker.port())
                .rack(broker.rack())
                .build();
    }

    private static DescribeClusterResponse error(ErrorCode error, String message) {
        return DescribeClusterResponse.builder()
                .errorCode(error)
                .errorMessage(message)
                .build();
    }

    @Override
    public DescribeClusterResponse failure(DescribeClusterRequest request, int version, ErrorCode error) {
        return DescribeClusterResponse.builder().errorCode(error).build();
    }
}
