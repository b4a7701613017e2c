package io.brokkr.plugin.topicadmin;

import io.brokkr.plugin.topicadmin.ConfigChanges.Change;
import io.brokkr.plugin.topicadmin.ConfigChanges.Resource;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.IncrementalAlterConfigsRequest;
import io.brokkr.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.brokkr.protocol.message.IncrementalAlterConfigsResponse;
import io.brokkr.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Serves IncrementalAlterConfigs (KIP-339), which changes the settings that it names and leaves the others alone. */
final class IncrementalAlterConfigsHandler implements ApiHandler<IncrementalAlterConfigsRequest> {

    private final ConfigChanges changes;

    IncrementalAlterConfigsHandler(ConfigChanges changes) {
        this.changes = changes;
    }

    @Override
    public Api<IncrementalAlterConfigsRequest> api() {
        return IncrementalAlterConfigsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, IncrementalAlterConfigsRequest request) {
        return changes.apply(
                        context,
                        request.resources().stream()
                                .map(IncrementalAlterConfigsHandler::changesOf)
                                .toList(),
                        request.validateOnly())
                .thenApply(outcomes -> Response.of(response(request.resources(), outcomes)));
    }

    private static Resource changesOf(AlterConfigsResource resource) {
        List<Change> changes = resource.configs().stream()
                .map(config -> new Change(config.name(), config.configOperation(), config.value()))
                .toList();
        return new Resource(resource.resourceType(), resource.resourceName(), false, changes);
    }

    private static IncrementalAlterConfigsResponse response(
            List<AlterConfigsResource> resources, List<Outcome> outcomes) {
        return IncrementalAlterConfigsResponse.builder()
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
    public IncrementalAlterConfigsResponse failure(
            IncrementalAlterConfigsRequest request, int version, ErrorCode error) {
        return IncrementalAlterConfigsResponse.builder()
                .responses(request.resources().stream()
                        .map(resource -> result(resource, new Outcome(error, null)))
                        .toList())
                .build();
    }
}
