package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.StartException;
import io.brokkr.distribution.wire.RecordCalls.Fetched;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.storage.embeddedmetadata.EmbeddedMetadataStoreFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.storage.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker with two real data folders, the second of which cannot be used for a while. */
class MissingFolderTest {

    private static final int DESCRIBE_LOG_DIRS = 4;

    @TempDir
    private Path folder;

    private Path first;
    private Path second;
    private Path elsewhere;
    private EmbeddedBroker broker;
    private KafkaConnection connection;
    private int topics;
    private Topic inFirst;
    private Topic inSecond;

    /** What can be the matter with it. */
    private enum Trouble {
        GONE {
            @Override
            void begin(Path folder, Path elsewhere) throws IOException {
                Files.move(folder, elsewhere);
            }
        },
        /** What is seen of a disk that is not mounted. */
        EMPTY {
            @Override
            void begin(Path folder, Path elsewhere) throws IOException {
                Files.move(folder, elsewhere);
                Files.createDirectory(folder);
            }
        },
        A_FILE {
            @Override
            void begin(Path folder, Path elsewhere) throws IOException {
                Files.move(folder, elsewhere);
                Files.createFile(folder);
            }
        },
        FORMAT_DAMAGED {
            @Override
            void begin(Path folder, Path elsewhere) throws IOException {
                Files.writeString(folder.resolve("brokkr-log-format"), "garbage");
            }

            @Override
            void end(Path folder, Path elsewhere) throws IOException {
                Files.writeString(folder.resolve("brokkr-log-format"), "version: 1\n");
            }
        },
        LAYOUT_OF_A_NEWER_BROKER {
            @Override
            void begin(Path folder, Path elsewhere) throws IOException {
                Files.writeString(folder.resolve("brokkr.properties"), "version=2\n");
            }

            @Override
            void end(Path folder, Path elsewhere) throws IOException {
                Files.writeString(folder.resolve("brokkr.properties"), "version=1\n");
            }
        };

        abstract void begin(Path folder, Path elsewhere) throws IOException;

        void end(Path folder, Path elsewhere) throws IOException {
            // Nothing was put there meanwhile.
            Files.deleteIfExists(folder);
            Files.move(elsewhere, folder);
        }
    }

    @BeforeEach
    void start() {
        first = folder.resolve("first");
        second = folder.resolve("second");
        elsewhere = folder.resolve("elsewhere");
        open();
        Topic one = create();
        Topic other = create();
        for (Topic topic : List.of(one, other)) {
            assertThat(produce(topic)).isEqualTo(Errors.NONE);
        }
        inFirst = Files.exists(first.resolve(one.name() + "-0")) ? one : other;
        inSecond = inFirst == one ? other : one;
        assertThat(second.resolve(inSecond.name() + "-0")).isDirectory();
    }

    private void open() {
        broker = ShippedPlugins.builder(LogStorageEngineFactory::new)
                .extension(EmbeddedMetadataStoreFactory::new)
                .dataFolder(first)
                .setting("log.dirs", first + "," + second)
                .start();
        connection = new KafkaConnection(broker.connect());
    }

    @AfterEach
    void stop() {
        connection.close();
        broker.close();
    }

    private void restart() {
        stop();
        open();
    }

    private Topic create() {
        return Stages.await(broker.services().topics().create(new NewTopic("topic-" + topics++, 1, 1, Map.of())));
    }

    private Errors produce(Topic topic) {
        return RecordCalls.produce(connection, NEWEST_PRODUCE, topic, batch("a"))
                .error();
    }

    private Fetched fetch(Topic topic) {
        return RecordCalls.fetch(connection, NEWEST_FETCH, topic, 0);
    }

    private void assertHolds(Topic topic, int records) {
        Fetched fetched = fetch(topic);
        assertThat(fetched.error()).isEqualTo(Errors.NONE);
        assertThat(fetched.highWatermark()).isEqualTo(records);
    }

    /** The error of each data folder. */
    private Map<String, Errors> describeLogDirs() {
        DescribeLogDirsResponseData response = connection.call(
                new DescribeLogDirsRequestData().setTopics(null), DESCRIBE_LOG_DIRS, new DescribeLogDirsResponseData());
        Map<String, Errors> errors = new HashMap<>();
        for (DescribeLogDirsResult result : response.results()) {
            errors.put(result.logDir(), Errors.forCode(result.errorCode()));
            assertThat(result.errorCode() == 0 || result.topics().isEmpty()).isTrue();
        }
        return errors;
    }

    @ParameterizedTest
    @EnumSource
    void theBrokerStartsWithTheOtherAndTakesItUpWhenItIsBack(Trouble trouble) throws IOException {
        stop();
        trouble.begin(second, elsewhere);
        open();
        for (int i = 0; i < 3; i++) {
            assertThat(produce(inSecond)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
            assertThat(fetch(inSecond).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        }
        assertThat(produce(inFirst)).isEqualTo(Errors.NONE);
        Topic fresh = create();
        assertThat(produce(fresh)).isEqualTo(Errors.NONE);
        assertThat(describeLogDirs())
                .isEqualTo(Map.of(first.toString(), Errors.NONE, second.toString(), Errors.KAFKA_STORAGE_ERROR));
        restart();
        assertThat(fetch(inSecond).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertHolds(fresh, 1);
        trouble.end(second, elsewhere);
        assertHolds(inSecond, 1);
        assertHolds(inFirst, 2);
        assertThat(produce(inSecond)).isEqualTo(Errors.NONE);
        assertThat(describeLogDirs().values()).containsOnly(Errors.NONE);
    }

    /** The logs are open when the folder goes. */
    @ParameterizedTest
    @EnumSource(names = {"GONE", "EMPTY", "A_FILE"})
    void theBrokerGoesOnWithoutTheFolderAndTakesItUpWhenItIsBack(Trouble trouble) throws IOException {
        trouble.begin(second, elsewhere);
        for (int i = 0; i < 3; i++) {
            assertThat(produce(inSecond)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        }
        assertThat(produce(inFirst)).isEqualTo(Errors.NONE);
        for (int i = 0; i < 3; i++) {
            assertThat(produce(create())).isEqualTo(Errors.NONE);
        }
        trouble.end(second, elsewhere);
        // The first use says why it cannot be done, and has the log opened again.
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        Errors error = produce(inSecond);
        while (error == Errors.KAFKA_STORAGE_ERROR && System.nanoTime() < deadline) {
            error = produce(inSecond);
        }
        assertThat(error).isEqualTo(Errors.NONE);
        long end = fetch(inSecond).highWatermark();
        restart();
        assertThat(fetch(inSecond).highWatermark()).isEqualTo(end);
    }

    /** Its data goes when the folder is back; the name is free at once. */
    @Test
    void aTopicInAFolderThatIsGoneIsDeleted() throws IOException {
        Trouble.GONE.begin(second, elsewhere);
        restart();
        Stages.await(broker.services().topics().delete(inSecond.id()));
        Topic again = Stages.await(broker.services().topics().create(new NewTopic(inSecond.name(), 1, 1, Map.of())));
        assertThat(produce(again)).isEqualTo(Errors.NONE);
        Trouble.GONE.end(second, elsewhere);
        assertHolds(again, 1);
        restart();
        assertHolds(again, 1);
    }

    @Test
    void aFolderThatIsNotNamedAnyMoreIsNotForgotten() {
        stop();
        broker = ShippedPlugins.builder(LogStorageEngineFactory::new)
                .extension(EmbeddedMetadataStoreFactory::new)
                .dataFolder(first)
                .start();
        connection = new KafkaConnection(broker.connect());
        assertThat(fetch(inSecond).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(produce(inSecond)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(produce(create())).isEqualTo(Errors.NONE);
        restart();
        assertHolds(inSecond, 1);
    }

    @Test
    void foldersInAnotherOrderAreRefused() {
        stop();
        assertThatThrownBy(() -> ShippedPlugins.builder(LogStorageEngineFactory::new)
                        .extension(EmbeddedMetadataStoreFactory::new)
                        .setting("log.dirs", second + "," + first)
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the metadata is in " + first.resolve("metadata.mv"))
                .hasMessageContaining("name " + first + " first");
        open();
        assertHolds(inSecond, 1);
    }

    @Test
    void nothingIsLeftWhenTheFirstFolderCannotBeUsed() throws IOException {
        stop();
        Files.move(first, elsewhere);
        assertThatThrownBy(this::open)
                .isInstanceOf(StartException.class)
                .hasMessageContaining(first.resolve("brokkr.properties") + " is missing")
                .message()
                .doesNotContain("\n");
        Files.move(elsewhere, first);
        open();
        assertHolds(inSecond, 1);
        assertHolds(inFirst, 1);
    }

    @Test
    void oddNamesAreRefusedInALine() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("real")));
        Map<String, String> reasons = Map.of(
                "/",
                "names /, the root of the file system",
                " , ,",
                "names no folder",
                link + "," + folder.resolve("real"),
                "twice, or under two names",
                folder.resolve("new") + "," + folder.resolve("x/../new"),
                "twice, or under two names",
                file.toString(),
                "the data folder " + file + " cannot be written",
                file.resolve("in") + "," + folder.resolve("fresh"),
                "the data folder " + file.resolve("in"));
        reasons.forEach((names, reason) -> assertThatThrownBy(() -> ShippedPlugins.builder(LogStorageEngineFactory::new)
                        .setting("log.dirs", names)
                        .start())
                .as(names)
                .isInstanceOf(StartException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n"));
    }
}
