package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import io.brokkr.spi.security.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Changes settings, for the two APIs that do so. Only those of topics can be changed while the broker runs. */
final class ConfigChanges {

    private final Cluster cluster;
    private final Topics topics;
    private final SettingValues settings;
    private final TopicQueues queues = new TopicQueues();

    ConfigChanges(Cluster cluster, Topics topics, SettingValues settings) {
        this.cluster = cluster;
        this.topics = topics;
        this.settings = settings;
    }

    /**
     * The changes to one thing that has settings.
     *
     * @param replaces whether the settings that the changes do not name lose their values
     */
    record Resource(byte type, String name, boolean replaces, List<Change> changes) {}

    /**
     * The change of one setting.
     *
     * @param value what is set, appended or subtracted; without a meaning for a deletion
     */
    record Change(String setting, byte operation, @Nullable String value) {

        static final byte SET = 0;
        static final byte DELETE = 1;
        static final byte APPEND = 2;
        static final byte SUBTRACT = 3;
    }

    private record ResourceName(byte type, String name) {
        static ResourceName of(Resource resource) {
            return new ResourceName(resource.type(), resource.name());
        }
    }

    /**
     * Changes all resources side by side; each succeeds or fails as a whole and for itself.
     *
     * @param validateOnly whether to check and change nothing
     * @return the outcomes, in the order of the resources
     */
    CompletionStage<List<Outcome>> apply(RequestContext client, List<Resource> resources, boolean validateOnly) {
        Set<ResourceName> repeated = Repeated.keys(resources, ResourceName::of);
        return Stages.mapAll(resources, resource -> Stages.attempt(() -> {
                    if (repeated.contains(ResourceName.of(resource))) {
                        throw invalid("the request names the resource more than once");
                    }
                    ResourceType.requireRight(client, Operation.ALTER_CONFIGS, resource.type(), resource.name());
                    checkChanges(resource);
                    return apply(resource, validateOnly);
                })
                .handle((changed, failure) -> Outcome.ofNullable(failure)));
    }

    private static void checkChanges(Resource resource) {
        if (resource.type() == ResourceType.TOPIC && resource.name().isEmpty()) {
            throw invalid("a topic must have a name");
        }
        if (!Repeated.keys(resource.changes(), Change::setting).isEmpty()) {
            throw invalid("the request names a setting more than once");
        }
        for (Change change : resource.changes()) {
            if (change.operation() < Change.SET || change.operation() > Change.SUBTRACT) {
                throw invalid("there is no operation " + change.operation());
            }
            if (change.value() == null && change.operation() != Change.DELETE) {
                throw invalid(change.setting() + ": must have a value");
            }
        }
    }

    private CompletionStage<?> apply(Resource resource, boolean validateOnly) {
        return switch (resource.type()) {
            case ResourceType.TOPIC -> queues.run(resource.name(), () -> configure(resource, validateOnly));
            case ResourceType.BROKER ->
                refuseUnlessEmpty(resource, "the broker reads its settings when it starts; change them there");
            case ResourceType.BROKER_LOGGER ->
                refuseUnlessEmpty(resource, "log levels cannot be changed while the broker runs");
            default -> throw ResourceType.unsupported(resource.type());
        };
    }

    /** An empty broker name stands for all brokers. */
    private CompletionStage<?> refuseUnlessEmpty(Resource resource, String reason) {
        if (!resource.name().isEmpty()) {
            ResourceType.requireThisBroker(resource.name(), cluster);
        }
        if (!resource.changes().isEmpty()) {
            throw invalid(reason);
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Topic> configure(Resource resource, boolean validateOnly) {
        Topic topic = topics.find(resource.name());
        if (topic == null) {
            throw new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic " + resource.name());
        }
        Map<String, String> overrides = resource.replaces() ? new HashMap<>() : new HashMap<>(topic.overrides());
        resource.changes().forEach(change -> change(overrides, change, topic));
        return topics.configure(resource.name(), overrides, validateOnly);
    }

    private void change(Map<String, String> overrides, Change change, Topic topic) {
        switch (change.operation()) {
            case Change.DELETE -> overrides.remove(change.setting());
            case Change.APPEND, Change.SUBTRACT -> overrides.put(change.setting(), changedList(change, topic));
            default -> overrides.put(change.setting(), change.value());
        }
    }

    /** What is appended or subtracted counts from the value in force, be it the topic's own or not. */
    private String changedList(Change change, Topic topic) {
        if (!settings.isList(change.setting())) {
            throw new ApiException(ErrorCode.INVALID_CONFIG, change.setting() + ": is not a list");
        }
        List<String> parts = new ArrayList<>(settings.listOf(topic, change.setting()));
        for (String part : SettingValues.parts(change.value())) {
            if (change.operation() == Change.SUBTRACT) {
                parts.remove(part);
            } else if (!parts.contains(part)) {
                parts.add(part);
            }
        }
        return String.join(",", parts);
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorCode.INVALID_REQUEST, message);
    }
}
