package io.brokkr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.Broker;
import io.brokkr.core.BrokerBuilder;
import io.brokkr.core.StartException;
import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.DescribeClusterRequest;
import io.brokkr.protocol.message.DescribeClusterResponse;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicDeletionListener;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedBrokerTest {

    @RegisterExtension
    static final EmbeddedBrokerExtension BROKER = new EmbeddedBrokerExtension(broker());

    private static EmbeddedBroker.Builder broker() {
        return EmbeddedBroker.builder().extension(RefusingEngine.Factory::new).extension(ClusterHandlers::new);
    }

    private static DescribeClusterResponse describe(WireClient client, int version) {
        return client.call(
                DescribeClusterRequest.API,
                DescribeClusterRequest.builder().build(),
                version,
                DescribeClusterResponse::read);
    }

    @Test
    void servesItsExtensionsUnderItsOwnAddress() {
        try (WireClient client = BROKER.connect()) {
            for (int version = 0; version <= DescribeClusterRequest.API.highestVersion(); version++) {
                DescribeClusterResponse response = describe(client, version);
                assertThat(response.controllerId()).isEqualTo(1);
                assertThat(response.clusterId()).matches("[A-Za-z0-9_][A-Za-z0-9_-]{21}");
                assertThat(response.brokers()).singleElement().satisfies(broker -> {
                    assertThat(broker.brokerId()).isEqualTo(1);
                    assertThat(broker.host() + ":" + broker.port())
                            .isEqualTo(BROKER.broker().bootstrapServers());
                });
            }
        }
        assertThat(BROKER.broker().services().apis()).containsExactly(DescribeClusterRequest.API);
    }

    @Test
    void closesTheConnectionOfWhoAsksForWhatIsNotThere() {
        try (WireClient client = BROKER.connect()) {
            client.send(ApiVersionsRequest.API, ApiVersionsRequest.builder().build(), 0);
            client.awaitClosed();
        }
    }

    @Test
    void theIdOfTheClusterOutlivesARestart() {
        try (EmbeddedBroker broker = broker().setting("broker.id", "7").start()) {
            String id = broker.services().cluster().id();
            broker.restart();
            try (WireClient client = broker.connect()) {
                assertThat(describe(client, 0).clusterId()).isEqualTo(id);
                assertThat(describe(client, 0).controllerId()).isEqualTo(7);
            }
        }
    }

    @Test
    void endsItsPluginsAndDeletesItsFolder() {
        ClusterHandlers.CLOSED.clear();
        EmbeddedBroker broker = broker().start();
        Path folder = broker.dataFolder();
        assertThat(folder).isDirectory();
        broker.close();
        broker.close();
        assertThat(folder).doesNotExist();
        assertThat(ClusterHandlers.CLOSED).containsExactly("ClusterHandlers");
    }

    @Test
    void withoutPluginsItStartsAndAnswersNothing() {
        try (Broker broker = new BrokerBuilder()
                        .setting("listeners=PLAINTEXT://localhost:0", "test")
                        .setting("log.dirs=" + BROKER.broker().dataFolder().resolve("bare"), "test")
                        .start();
                WireClient client = WireClient.connect(new InetSocketAddress("localhost", broker.port("PLAINTEXT")))) {
            client.send(ApiVersionsRequest.API, ApiVersionsRequest.builder().build(), 0);
            client.awaitClosed();
            assertThatThrownBy(broker::services).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aSecondBrokerOnTheSameFolderIsRefused(@TempDir Path folder) {
        try (EmbeddedBroker first = broker().dataFolder(folder).start()) {
            assertThat(first.dataFolder()).isEqualTo(folder);
            assertThatThrownBy(() -> broker().dataFolder(folder).start())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("the data folder " + folder + " is in use by another broker (process "
                            + ProcessHandle.current().pid() + ")");
        }
        broker().dataFolder(folder).start().close();
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        assertThatThrownBy(() -> broker().dataFolder(file.resolve("data")).start())
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("the data folder " + file.resolve("data") + " cannot be written: ");
    }

    @Test
    void aFolderOfANewerVersionIsRefused(@TempDir Path folder) throws Exception {
        broker().dataFolder(folder).start().close();
        Files.writeString(folder.resolve("brokkr.properties"), "version=2\n");
        assertThatThrownBy(() -> broker().dataFolder(folder).start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("was written by a newer Brokkr: its layout has the version 2");
    }

    @Test
    void twoPluginsWithTheSameApiNeedAChoice() {
        class OtherHandlers extends ClusterHandlers {}
        EmbeddedBroker.Builder both = broker().extension(OtherHandlers::new);
        assertThatThrownBy(both::start)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("both serve DescribeCluster")
                .hasMessageContaining(ClusterHandlers.class.getName())
                .hasMessageContaining(OtherHandlers.class.getName());
        try (EmbeddedBroker broker = both.setting("api.providers", "DescribeCluster:" + OtherHandlers.class.getName())
                .start()) {
            assertThat(broker.services().apis()).hasSize(1);
        }
        assertThatThrownBy(() ->
                        both.setting("api.providers", "DescribeCluster:nobody").start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("gives DescribeCluster to the plugin nobody, and there is no such plugin");
    }

    @Test
    void aPluginThatFailsIsLeftOutAndTheRestRuns() {
        class Failing extends ClusterHandlers {
            @Override
            public List<ApiHandler<?>> create(BrokerServices broker) {
                throw new IllegalStateException("as the test wants it");
            }
        }
        try (EmbeddedBroker broker = broker().extension(Failing::new).start();
                WireClient client = broker.connect()) {
            assertThat(describe(client, 0).controllerId()).isEqualTo(1);
        }
    }

    /** It fails at first, so that it is told again after the next start, and not once more. */
    @Test
    void aPluginIsToldOfDeletedTopics() throws Exception {
        List<String> told = new ArrayList<>();
        class Told extends ClusterHandlers implements TopicDeletionListener {
            @Override
            public CompletionStage<?> topicDeleted(Topic topic) {
                told.add(topic.name());
                return told.size() == 1
                        ? CompletableFuture.failedStage(new IllegalStateException("as the test wants it"))
                        : CompletableFuture.completedStage(null);
            }
        }
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .extension(RefusingEngine.Factory::new)
                .extension(() -> new Told())
                .start()) {
            Topic topic = create(broker, "t");
            broker.services().topics().delete(topic.id()).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(told).containsExactly("t");
            broker.restart();
            create(broker, "other");
            assertThat(told).containsExactly("t");
            create(broker, "t");
            assertThat(told).containsExactly("t", "t");
            broker.restart();
            topic = broker.services().topics().find("t");
            broker.services().topics().delete(topic.id()).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(told).containsExactly("t", "t", "t");
        }
    }

    private static Topic create(EmbeddedBroker broker, String name) throws Exception {
        return broker.services()
                .topics()
                .create(NewTopic.withDefaults(name))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void twoPluginsWithTheSameSettingAreAStartError() {
        class Declaring extends ClusterHandlers {
            @Override
            public List<Setting<?>> settings() {
                return List.of(Setting.text("broker.rack", null, "A second declaration."));
            }
        }
        assertThatThrownBy(() -> broker().extension(Declaring::new).start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the setting broker.rack is declared twice: by the core and by the plugin ");
    }

    @Test
    void whatTheConfigurationNamesMustBeThere() {
        assertThatThrownBy(() -> broker().setting("storage.engine", "tape").start())
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("no plugin supplies the storage engine tape, which storage.engine names");
        assertThatThrownBy(() -> broker().setting("metadata.store", "stone").start())
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("no plugin supplies the metadata store stone, which metadata.store names");
    }
}
