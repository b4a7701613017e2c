package io.brokkr.testkit;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.DescribeClusterRequest;
import io.brokkr.protocol.message.DescribeClusterResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A small API plugin to test brokers with: DescribeCluster, and nothing else. */
class ClusterHandlers implements ApiHandlerFactory {

    static final List<String> CLOSED = new ArrayList<>();

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        return List.of(new Handler(broker.cluster()));
    }

    @Override
    public void close() {
        CLOSED.add(getClass().getSimpleName());
    }

    private record Handler(Cluster cluster) implements ApiHandler<DescribeClusterRequest> {

        @Override
        public Api<DescribeClusterRequest> api() {
            return DescribeClusterRequest.API;
        }

        @Override
        public CompletionStage<Response> handle(RequestContext context, DescribeClusterRequest request) {
            if (request.includeClusterAuthorizedOperations()) {
                throw new ApiException(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, "as the test asked for it");
            }
            return Response.completed(DescribeClusterResponse.builder()
                    .clusterId(cluster.id())
                    .controllerId(cluster.controllerId())
                    .brokers(cluster.brokers(context.listener()).stream()
                            .map(broker -> DescribeClusterResponse.DescribeClusterBroker.builder()
                                    .brokerId(broker.id())
                                    .host(broker.host())
                                    .port(broker.port())
                                    .rack(broker.rack())
                                    .build())
                            .toList())
                    .build());
        }

        @Override
        public Message failure(DescribeClusterRequest request, int version, ErrorCode error) {
            return DescribeClusterResponse.builder()
                    .errorCode(error)
                    .clusterId("")
                    .build();
        }
    }
}
