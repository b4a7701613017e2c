package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.CreateTopicsRequest;
import io.brokkr.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.brokkr.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.brokkr.protocol.message.CreateTopicsResponse;
import io.brokkr.spi.Cluster;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** A broker that serves the APIs of this module, with a connection to it. */
final class AdminBroker implements AutoCloseable {

    static final int TIMEOUT_MILLIS = 20_000;

    private final EmbeddedBroker broker;
    private final WireClient client;

    AdminBroker(Map<String, String> settings, Object... extensions) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(TopicAdminHandlers::new);
        settings.forEach(builder::setting);
        for (Object extension : extensions) {
            builder.extension(() -> extension);
        }
        broker = builder.start();
        client = broker.connect();
    }

    EmbeddedBroker embedded() {
        return broker;
    }

    Topics topics() {
        return broker.services().topics();
    }

    Cluster cluster() {
        return broker.services().cluster();
    }

    Topic topic(String name) {
        return topics().find(name);
    }

    /** Creates a topic behind the back of the API. */
    Topic create(String name, int partitions, Map<String, String> overrides) {
        return await(topics().create(new NewTopic(name, partitions, 1, overrides)));
    }

    void deleteAll() {
        topics().all().forEach(topic -> await(topics().delete(topic.id())));
    }

    <R extends Message> R call(Api<?> api, Message request, int version, Api.Decoder<R> decoder) {
        return client.call(api, request, version, decoder);
    }

    CreateTopicsResponse createTopics(int version, CreatableTopic.Builder... topics) {
        CreateTopicsRequest request = CreateTopicsRequest.builder()
                .topics(List.of(topics).stream()
                        .map(CreatableTopic.Builder::build)
                        .toList())
                .timeoutMs(TIMEOUT_MILLIS)
                .build();
        return call(CreateTopicsRequest.API, request, version, CreateTopicsResponse::read);
    }

    static CreatableTopic.Builder creatable(String name, int partitions, int replicationFactor) {
        return CreatableTopic.builder().name(name).numPartitions(partitions).replicationFactor((short)
                replicationFactor);
    }

    static CreatableTopicConfig config(String name, String value) {
        return CreatableTopicConfig.builder().name(name).value(value).build();
    }

    /** All versions that an API serves. */
    static Arbitrary<Integer> versionsOf(Api<?> api) {
        return Arbitraries.of(IntStream.rangeClosed(api.lowestVersion(), api.highestVersion())
                .boxed()
                .toList());
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        client.close();
        broker.close();
    }
}
