package io.brokkr.plugin.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.OffsetCommitRequest;
import io.brokkr.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.brokkr.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.brokkr.protocol.message.OffsetCommitResponse;
import io.brokkr.protocol.message.OffsetFetchRequest;
import io.brokkr.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.brokkr.protocol.message.OffsetFetchResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Clock;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicDeletionListener;
import io.brokkr.storage.embeddedmetadata.EmbeddedMetadataStoreFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.HandlerHarness;
import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the offsets of a topic that is deleted and created again, with the real broker and its data on a disk. */
@Timeout(60)
class DeletedTopicsTest {

    private static final String GROUP = "group";
    private static final String TOPIC = "topic";

    private static EmbeddedBroker.Builder broker(Path folder) {
        return EmbeddedBroker.builder()
                .extension(LogStorageEngineFactory::new)
                .extension(EmbeddedMetadataStoreFactory::new)
                .dataFolder(folder);
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static Topic create(EmbeddedBroker broker) {
        return await(broker.services().topics().create(new NewTopic(TOPIC, 1, 1, Map.of())));
    }

    private static OffsetCommitRequest commitRequest(long offset) {
        return OffsetCommitRequest.builder()
                .groupId(GROUP)
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name(TOPIC)
                        .partitions(List.of(OffsetCommitRequestPartition.builder()
                                .committedOffset(offset)
                                .committedMetadata("")
                                .build()))
                        .build()))
                .build();
    }

    private static ErrorCode errorOf(OffsetCommitResponse response) {
        return ErrorCode.forCode(response.topics().get(0).partitions().get(0).errorCode());
    }

    private static void commit(EmbeddedBroker broker, long offset) {
        try (WireClient client = broker.connect()) {
            assertThat(errorOf(
                            client.call(OffsetCommitRequest.API, commitRequest(offset), 9, OffsetCommitResponse::read)))
                    .isEqualTo(ErrorCode.NONE);
        }
    }

    private static long committed(EmbeddedBroker broker) {
        OffsetFetchRequest request = OffsetFetchRequest.builder()
                .groupId(GROUP)
                .topics(List.of(OffsetFetchRequestTopic.builder()
                        .name(TOPIC)
                        .partitionIndexes(List.of(0))
                        .build()))
                .build();
        try (WireClient client = broker.connect()) {
            return client.call(OffsetFetchRequest.API, request, 7, OffsetFetchResponse::read)
                    .topics()
                    .get(0)
                    .partitions()
                    .get(0)
                    .committedOffset();
        }
    }

    @Test
    void topicThatIsCreatedAgainHasNoOffsets(@TempDir Path folder) {
        try (EmbeddedBroker broker =
                broker(folder).extension(GroupHandlers::new).start()) {
            Topic topic = create(broker);
            commit(broker, 77);
            assertThat(committed(broker)).isEqualTo(77);
            await(broker.services().topics().delete(topic.id()));
            create(broker);
            assertThat(committed(broker)).isEqualTo(-1);
            broker.restart();
            assertThat(committed(broker)).isEqualTo(-1);
        }
    }

    /** The groups are read for the deletion, since it is the first that the broker does after its start. */
    @Test
    void offsetsThatNobodyHasReadSinceTheStartAreForgotten(@TempDir Path folder) {
        try (EmbeddedBroker broker =
                broker(folder).extension(GroupHandlers::new).start()) {
            create(broker);
            commit(broker, 77);
            broker.restart();
            await(broker.services()
                    .topics()
                    .delete(broker.services().topics().find(TOPIC).id()));
            create(broker);
            assertThat(committed(broker)).isEqualTo(-1);
            commit(broker, 3);
            broker.restart();
            assertThat(committed(broker)).isEqualTo(3);
        }
    }

    /** Copies the data folder when a topic is gone and no other plugin knows yet: that is what a broker leaves which is killed at that moment. */
    private record Snapshot(Path from, Path to) implements ApiHandlerFactory, TopicDeletionListener {

        @Override
        public List<ApiHandler<?>> create(BrokerServices broker) {
            return List.of();
        }

        @Override
        public CompletionStage<?> topicDeleted(Topic topic) {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Path copy = to.resolve(from.relativize(file));
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copy);
                    } else {
                        Files.copy(file, copy);
                    }
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            return CompletableFuture.completedStage(null);
        }
    }

    @Test
    void brokerThatIsKilledBeforeTheTombstonesForgetsAllTheSame(@TempDir Path folder) {
        Path before = folder.resolve("before");
        Path after = folder.resolve("after");
        try (EmbeddedBroker broker = broker(before)
                .extension(() -> new Snapshot(before, after))
                .extension(GroupHandlers::new)
                .start()) {
            Topic topic = create(broker);
            commit(broker, 77);
            await(broker.services().topics().delete(topic.id()));
        }
        try (EmbeddedBroker broker = broker(after).extension(GroupHandlers::new).start()) {
            assertThat(broker.services().topics().find(TOPIC)).isNull();
            // At once, before anybody has asked for a group.
            create(broker);
            assertThat(committed(broker)).isEqualTo(-1);
            broker.restart();
            assertThat(committed(broker)).isEqualTo(-1);
        }
    }

    @Test
    void commitThatTheDeletionOvertakesIsRefused() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .start()) {
            BrokerServices services = broker.services();
            GroupSettings settings = TestCoordinator.SETTINGS;
            Rebalancing rebalancing = new Rebalancing(settings, services.clock());
            Forgetting forgetting = new Forgetting(name -> {
                Topic found = services.topics().find(name);
                return found == null ? null : found.id();
            });
            Coordinators coordinators =
                    new Coordinators(services, new OffsetsTopic(services, settings), settings, rebalancing, forgetting);
            TopicDeletions deletions = new TopicDeletions(coordinators::all, forgetting, services.scheduler());
            Topic topic = create(broker);
            // The handler looks at the clock when it has found the topic: the moment to delete it.
            AtomicReference<Runnable> atTheWorstMoment = new AtomicReference<>(() -> {
                await(services.topics().delete(topic.id()));
                await(deletions.topicDeleted(topic));
            });
            CommitInspection inspection = new CommitInspection(
                    settings, services.topics(), new Interrupting(services.clock(), atTheWorstMoment));
            OffsetCommitResponse response = await(new HandlerHarness<>(
                            new OffsetCommitHandler(coordinators, new Committing(), inspection),
                            OffsetCommitResponse::read)
                    .call(commitRequest(77), 9));
            assertThat(errorOf(response)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(atTheWorstMoment.get()).isNull();
            create(broker);
            int groups = await(
                    coordinators.ask(GROUP, decision -> decision.groups().all().size()));
            assertThat(groups).isZero();
            coordinators.close();
        }
    }

    private record Interrupting(Clock clock, AtomicReference<Runnable> once) implements Clock {

        @Override
        public long millis() {
            Runnable work = once.getAndSet(null);
            if (work != null) {
                work.run();
            }
            return clock.millis();
        }

        @Override
        public long nanos() {
            return clock.nanos();
        }
    }
}
