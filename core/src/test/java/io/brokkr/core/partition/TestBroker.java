package io.brokkr.core.partition;

import io.brokkr.core.configuration.GivenSetting;
import io.brokkr.core.configuration.KnownSettings;
import io.brokkr.core.configuration.LoadedConfiguration;
import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.topic.TopicRegistry;
import io.brokkr.core.topic.TopicSettings;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Topics and partitions over an engine and a store that outlive them: what a restart makes anew, and what it finds. */
final class TestBroker {

    static final String TOPIC = "orders";
    static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    final TestEngine engine = new TestEngine();
    final TestStore store = new TestStore();
    final ManualTime time = new ManualTime();
    final Map<String, String> configuration;
    final Scheduler scheduler;
    CompressionCodecs codecs = CompressionCodecs.NONE;
    TopicRegistry topics;
    PartitionRegistry partitions;

    TestBroker(Map<String, String> configuration) {
        this(configuration, null);
    }

    TestBroker(Map<String, String> configuration, @Nullable Scheduler scheduler) {
        this.configuration = configuration;
        this.scheduler = scheduler == null ? time : scheduler;
        start();
    }

    static TestBroker withTopic(Map<String, String> overrides) {
        TestBroker broker = new TestBroker(Map.of());
        broker.create(overrides);
        return broker;
    }

    /** What a broker can do that has a plugin for gzip. */
    static TestBroker withTopicAndGzip() {
        TestBroker broker = new TestBroker(Map.of());
        broker.codecs = GzipCodec.CODECS;
        broker.restart();
        broker.create(Map.of());
        return broker;
    }

    static LoadedConfiguration configuration(Map<String, String> given) {
        KnownSettings known =
                new KnownSettings().add("the core", TopicSettings.all()).add("the core", PartitionSettings.all());
        return LoadedConfiguration.load(known, GivenSetting.all(given, "the test"));
    }

    Topic create(Map<String, String> overrides) {
        return get(topics.create(new NewTopic(TOPIC, 2, 1, overrides)));
    }

    void start() {
        LoadedConfiguration loaded = configuration(configuration);
        topics = get(TopicRegistry.load(store, loaded, Set.of("log"), () -> 1));
        partitions = new PartitionRegistry(
                topics, Map.of("log", engine), codecs, loaded, scheduler, time, new MetricsRegistry());
        partitions.start();
    }

    void restart() {
        get(partitions.close());
        start();
    }

    void killAndStart() {
        engine.kill();
        time.forgetTasks();
        start();
    }

    void cutPowerAndStart() {
        engine.cutPower();
        time.forgetTasks();
        start();
    }

    Partition partition() {
        return get(partitions.open(PARTITION));
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(failure);
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError("the stage is not complete in time", late);
        }
    }

    /** The error of a stage that must have failed by now, NONE if it is complete. */
    static ErrorCode errorOf(CompletionStage<?> stage) {
        try {
            get(stage);
            return ErrorCode.NONE;
        } catch (ApiException failure) {
            return failure.error();
        }
    }
}
