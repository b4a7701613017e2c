package io.brokkr.plugin.topicadmin;

import io.brokkr.plugin.topicadmin.ConfigChanges.Change;
import io.brokkr.plugin.topicadmin.ConfigChanges.Resource;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.AlterConfigsRequest;
import io.brokkr.protocol.message.AlterConfigsRequest.AlterConfigsResource;
import io.brokkr.protocol.message.AlterConfigsResponse;
import io.brokkr.protocol.message.AlterConfigsResponse.AlterConfigsResourceResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Serves AlterConfigs, which replaces all settings of a resource; new clients use IncrementalAlterConfigs. */
final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequest> {

    private final ConfigChanges changes;

    AlterConfigsHandler(ConfigChanges changes) {
        this.changes = changes;
    }

    @Override
    public Api<AlterConfigsRequest> api() {
        return AlterConfigsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, AlterConfigsRequest request) {
        return changes.apply(
                        context,
                        request.resources().stream()
                                .map(AlterConfigsHandler::changesOf)
                                .toList(),
                        request.validateOnly())
                .thenApply(outcomes -> Response.of(response(request.resources(), outcomes)));
    }

    private static Resource changesOf(AlterConfigsResource resource) {
        List<Change> changes = resource.configs().stream()
                .map(config -> new Change(config.name(), Change.SET, config.value()))
                .toList();
        return new Resource(resource.resourceType(), resource.resourceName(), true, changes);
    }

    private static AlterConfigsResponse response(List<AlterConfigsResource> resources, List<Outcome> outcomes) {
        return AlterConfigsResponse.builder()
                .responses(IntStream.range(0, resources.size())
                        .mapToObj(index -> result(resources.get(index), outcomes.get(index)))
                        .toList())
                .build();
    }

    private static AlterConfigsResourceResponse result(AlterConfigsResource resource, Outcome outcome) {
        return AlterConfigsResourceResponse.builder()
                .resourceType(resource.resourceType())
                .resourceName(resource.resourceName())
                .errorCode(outcome.error())
                .errorMessage(outcome.message())
                .build();
    }

    @Override
    public AlterConfigsResponse failure(AlterConfigsRequest request, int version, ErrorCode error) {
        return AlterConfigsResponse.builder()
                .responses(request.resources().stream()
                        .map(resource -> result(resource, new Outcome(error, null)))
                        .toList())
                .build();
    }
}
