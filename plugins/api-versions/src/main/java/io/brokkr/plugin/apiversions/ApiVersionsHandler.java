package io.brokkr.plugin.apiversions;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.ApiVersionsResponse;
import io.brokkr.protocol.message.ApiVersionsResponse.ApiVersion;
import io.brokkr.spi.AnswersUnsupportedVersions;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.ServesUnauthenticated;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Serves ApiVersions.
 *
 * <p>No features are told of: supported and finalized ones are empty and the epoch of the finalized ones is -1, since a client that sees a
 * feature starts to use it. All answers have a response header of version 0, which the API itself states.
 */
final class ApiVersionsHandler
        implements ApiHandler<ApiVersionsRequest>, AnswersUnsupportedVersions, ServesUnauthenticated {

    /** From here on a request says what the client is (KIP-511). */
    private static final int FIRST_VERSION_WITH_SOFTWARE = 3;

    /** From here on a request may say whom the client believes to have reached (KIP-1242). */
    private static final int FIRST_VERSION_WITH_DESTINATION = 5;

    private static final int NO_NODE = -1;

    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?");

    private final BrokerServices broker;

    ApiVersionsHandler(BrokerServices broker) {
        this.broker = broker;
    }

    @Override
    public Api<ApiVersionsRequest> api() {
        return ApiVersionsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, ApiVersionsRequest request) {
        ErrorCode error = check(request, context.apiVersion());
        return Response.completed(
                error == ErrorCode.NONE
                        ? response(ErrorCode.NONE, broker.apis())
                        : failure(request, context.apiVersion(), error));
    }

    private ErrorCode check(ApiVersionsRequest request, int version) {
        if (version >= FIRST_VERSION_WITH_SOFTWARE
                && !(SOFTWARE.matcher(request.clientSoftwareName()).matches()
                        && SOFTWARE.matcher(request.clientSoftwareVersion()).matches())) {
            return ErrorCode.INVALID_REQUEST;
        }
        return version >= FIRST_VERSION_WITH_DESTINATION ? checkDestination(request) : ErrorCode.NONE;
    }

    /** A client whose metadata is so old that it reached another broker than it believes is told to begin anew. */
    private ErrorCode checkDestination(ApiVersionsRequest request) {
        String clusterId = request.clusterId();
        if ((clusterId == null) != (request.nodeId() == NO_NODE)) {
            return ErrorCode.INVALID_REQUEST;
        }
        return clusterId == null
                        || (clusterId.equals(broker.cluster().id())
                                && request.nodeId() == broker.cluster().brokerId())
                ? ErrorCode.NONE
                : ErrorCode.REBOOTSTRAP_REQUIRED;
    }

    @Override
    public ApiVersionsResponse unsupportedVersion() {
        return response(ErrorCode.UNSUPPORTED_VERSION, List.of(api()));
    }

    @Override
    public ApiVersionsResponse failure(ApiVersionsRequest request, int version, ErrorCode error) {
        return response(error, List.of());
    }

    private static ApiVersionsResponse response(ErrorCode error, List<? extends Api<?>> apis) {
        return ApiVersionsResponse.builder()
                .errorCode(error)
                .apiKeys(apis.stream().map(ApiVersionsHandler::range).toList())
                .build();
    }

    private static ApiVersion range(Api<?> api) {
        return ApiVersion.builder()
                .apiKey((short) api.key())
                .minVersion((short) api.lowestVersion())
                .maxVersion((short) api.highestVersion())
                .build();
    }
}
