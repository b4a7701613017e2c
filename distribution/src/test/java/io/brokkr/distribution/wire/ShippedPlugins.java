package io.brokkr.distribution.wire;

import io.brokkr.plugin.apiversions.ApiVersionsHandlers;
import io.brokkr.plugin.compaction.LogCompaction;
import io.brokkr.plugin.compression.GzipCodec;
import io.brokkr.plugin.compression.Lz4Codec;
import io.brokkr.plugin.compression.SnappyCodec;
import io.brokkr.plugin.compression.ZstdCodec;
import io.brokkr.plugin.fetch.FetchHandlers;
import io.brokkr.plugin.groups.GroupHandlers;
import io.brokkr.plugin.metadata.MetadataHandlers;
import io.brokkr.plugin.produce.ProduceHandlers;
import io.brokkr.plugin.topicadmin.TopicAdminHandlers;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A broker with the plugins that ship, for all tests of a class; each test makes topics of its own. */
final class ShippedPlugins implements BeforeAllCallback, AfterAllCallback {

    private final AtomicInteger topics = new AtomicInteger();
    private EmbeddedBroker broker;

    /** A broker with these plugins, groups of which do not wait for more members. */
    static EmbeddedBroker start() {
        return builder(LogStorageEngineFactory::new).start();
    }

    /** As {@link #start}, with a storage engine of the test's. */
    static EmbeddedBroker.Builder builder(Supplier<StorageEngineFactory> engine) {
        return EmbeddedBroker.builder()
                .extension(engine)
                .extension(ApiVersionsHandlers::new)
                .extension(MetadataHandlers::new)
                .extension(TopicAdminHandlers::new)
                .extension(ProduceHandlers::new)
                .extension(FetchHandlers::new)
                .extension(GroupHandlers::new)
                .extension(LogCompaction::new)
                .extension(GzipCodec::new)
                .extension(SnappyCodec::new)
                .extension(Lz4Codec::new)
                .extension(ZstdCodec::new)
                .setting("group.initial.rebalance.delay.ms", "0");
    }

    EmbeddedBroker broker() {
        return broker;
    }

    KafkaConnection connect() {
        return new KafkaConnection(broker.connect());
    }

    /** A new topic with one partition. */
    Topic topic() {
        return topic(1, Map.of());
    }

    Topic topic(int partitions, Map<String, String> settings) {
        try {
            return broker.services()
                    .topics()
                    .create(new NewTopic("topic-" + topics.incrementAndGet(), partitions, 1, settings))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        broker = start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        broker.close();
    }
}
