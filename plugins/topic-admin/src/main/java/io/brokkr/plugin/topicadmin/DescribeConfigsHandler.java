package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeConfigsRequest;
import io.brokkr.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.brokkr.protocol.message.DescribeConfigsResponse;
import io.brokkr.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.brokkr.protocol.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.brokkr.protocol.message.DescribeConfigsResponse.DescribeConfigsSynonym;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import io.brokkr.spi.security.Operation;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Serves DescribeConfigs: the settings of topics, and those of this broker, with their origin and on demand with their documentation. */
final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequest> {

    /** Until here the response has a flag for defaults instead of the origin. */
    private static final int LAST_VERSION_WITHOUT_SOURCE = 0;

    private final Cluster cluster;
    private final Topics topics;
    private final SettingValues settings;

    DescribeConfigsHandler(Cluster cluster, Topics topics, SettingValues settings) {
        this.cluster = cluster;
        this.topics = topics;
        this.settings = settings;
    }

    @Override
    public Api<DescribeConfigsRequest> api() {
        return DescribeConfigsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, DescribeConfigsRequest request) {
        return Response.completed(DescribeConfigsResponse.builder()
                .results(request.resources().stream()
                        .map(resource -> describe(context, resource, request))
                        .toList())
                .build());
    }

    private DescribeConfigsResult describe(
            RequestContext context, DescribeConfigsResource resource, DescribeConfigsRequest request) {
        try {
            ResourceType.requireRight(
                    context, Operation.DESCRIBE_CONFIGS, resource.resourceType(), resource.resourceName());
            Collection<SettingValue> values = values(resource);
            List<String> wanted = resource.configurationKeys();
            boolean all = wanted == null || wanted.isEmpty();
            boolean readOnly = resource.resourceType() != ResourceType.TOPIC;
            return result(resource, Outcome.DONE)
                    .configs(values.stream()
                            .filter(value -> all || wanted.contains(value.name()))
                            .map(value -> describe(value, readOnly, request, context.apiVersion()))
                            .toList())
                    .build();
        } catch (RuntimeException failure) {
            return result(resource, Outcome.of(failure)).build();
        }
    }

    private Collection<SettingValue> values(DescribeConfigsResource resource) {
        String name = resource.resourceName();
        return switch (resource.resourceType()) {
            case ResourceType.TOPIC -> settings.ofTopic(topic(name).overrides());
            // Without a name: the settings that were changed for all brokers while they run, and there is no way to do
            // that.
            case ResourceType.BROKER -> name.isEmpty() ? List.of() : ofThisBroker(name, settings.ofBroker());
            // Whatever writes the log has levels of its own; none can be seen or set from here.
            case ResourceType.BROKER_LOGGER -> ofThisBroker(name, List.of());
            default -> throw ResourceType.unsupported(resource.resourceType());
        };
    }

    private Collection<SettingValue> ofThisBroker(String name, Collection<SettingValue> values) {
        ResourceType.requireThisBroker(name, cluster);
        return values;
    }

    private Topic topic(String name) {
        Topic topic = topics.find(name);
        if (topic == null) {
            throw new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic " + name);
        }
        return topic;
    }

    private static DescribeConfigsResourceResult describe(
            SettingValue value, boolean readOnly, DescribeConfigsRequest request, int version) {
        boolean secret = value.setting().type() == Setting.Type.PASSWORD;
        DescribeConfigsResourceResult.Builder described = DescribeConfigsResourceResult.builder()
                .name(value.name())
                .value(secret ? null : value.text())
                .isSensitive(secret)
                .readOnly(readOnly)
                .configSource(value.source().code())
                .configType((byte) value.setting().type().code());
        if (version <= LAST_VERSION_WITHOUT_SOURCE) {
            described.isDefault(value.source() == ConfigSource.DEFAULT);
        }
        if (request.includeSynonyms()) {
            described.synonyms(
                    value.places().stream().map(place -> synonym(place, secret)).toList());
        }
        return described
                .documentation(request.includeDocumentation() ? value.setting().documentation() : null)
                .build();
    }

    private static DescribeConfigsSynonym synonym(SettingValue.Place place, boolean secret) {
        return DescribeConfigsSynonym.builder()
                .name(place.name())
                .value(secret ? null : place.text())
                .source(place.source().code())
                .build();
    }

    private static DescribeConfigsResult.Builder result(DescribeConfigsResource resource, Outcome outcome) {
        return DescribeConfigsResult.builder()
                .resourceType(resource.resourceType())
                .resourceName(resource.resourceName())
                .errorCode(outcome.error())
                .errorMessage(outcome.message());
    }

    @Override
    public DescribeConfigsResponse failure(DescribeConfigsRequest request, int version, ErrorCode error) {
        return DescribeConfigsResponse.builder()
                .results(request.resources().stream()
                        .map(resource ->
                                result(resource, new Outcome(error, null)).build())
                        .toList())
                .build();
    }
}
