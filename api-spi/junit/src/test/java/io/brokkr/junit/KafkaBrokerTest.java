package io.brokkr.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What the annotation promises, seen by tests that JUnit runs inside of these tests. */
@Timeout(120)
class KafkaBrokerTest {

    /** Addresses that the tests inside were given. */
    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private static EngineExecutionResults run(Class<?> tests, String... settings) {
        SEEN.clear();
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests));
        for (int i = 0; i < settings.length; i += 2) {
            kit.configurationParameter(settings[i], settings[i + 1]);
        }
        return kit.execute();
    }

    private static void assertAllEnded() {
        for (String address : SEEN) {
            String[] parts = address.split(":", 2);
            boolean connects;
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), 2_000);
                connects = true;
            } catch (java.io.IOException refused) {
                connects = false;
            }
            assertThat(connects).as("%s still listens", address).isFalse();
        }
    }

    private static Set<String> topics(TestBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.getBootstrapServers()))) {
            return admin.listTopics().names().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void theTestsOfAClassShareABroker() {
        run(Shared.class).testEvents().assertStatistics(events -> events.started(4)
                .succeeded(4));
        assertThat(SEEN).hasSize(1);
        assertAllEnded();
    }

    @KafkaBroker(
            topics = {
                @KafkaBroker.Topic(name = "orders", partitions = 3),
                @KafkaBroker.Topic(name = "prices", settings = "cleanup.policy=compact")
            },
            settings = "auto.create.topics.enable=false")
    static class Shared {

        private final TestBroker given;

        Shared(TestBroker given) {
            this.given = given;
        }

        @BeforeAll
        static void beforeAll(TestBroker broker) {
            SEEN.add(broker.getBootstrapServers());
        }

        @RepeatedTest(2)
        void hasItsTopics(TestBroker broker) throws Exception {
            assertThat(broker).isSameAs(given);
            SEEN.add(broker.getBootstrapServers());
            assertThat(topics(broker)).containsExactlyInAnyOrder("orders", "prices");
        }

        @Test
        void takesRecords(TestBroker broker) throws Exception {
            StockClients clients = new StockClients(broker);
            clients.produce("orders", List.of("one"));
            assertThat(clients.consume("orders", "group", 1)).containsExactly("one");
        }

        @Nested
        class Inside {
            @Test
            void hasTheSame(TestBroker broker) {
                assertThat(broker).isSameAs(given);
            }
        }
    }

    @Test
    void eachTestHasItsOwnInParallel() {
        run(
                        OneForEach.class,
                        "junit.jupiter.execution.parallel.enabled",
                        "true",
                        "junit.jupiter.execution.parallel.config.strategy",
                        "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism",
                        "4")
                .testEvents()
                .assertStatistics(events -> events.started(8).succeeded(8));
        assertThat(SEEN).hasSize(8);
        assertAllEnded();
    }

    @KafkaBroker(scope = KafkaBroker.Scope.TEST)
    @Execution(ExecutionMode.CONCURRENT)
    static class OneForEach {

        @BeforeEach
        void makeTopic(TestBroker broker) {
            broker.createTopic("orders", 1);
        }

        @RepeatedTest(8)
        void isClean(TestBroker broker) throws Exception {
            SEEN.add(broker.getBootstrapServers());
            assertThat(topics(broker)).containsExactly("orders");
            broker.createTopic("left-behind", 1);
        }
    }

    @Test
    void aMethodMayHaveOneOfItsOwn() {
        run(OfMethods.class).testEvents().assertStatistics(events -> events.started(2)
                .succeeded(2));
        assertThat(SEEN).hasSize(2);
        assertAllEnded();
    }

    static class OfMethods {

        @Test
        @KafkaBroker(topics = @KafkaBroker.Topic(name = "orders"))
        void one(TestBroker broker) throws Exception {
            SEEN.add(broker.getBootstrapServers());
            assertThat(topics(broker)).containsExactly("orders");
        }

        @Test
        @KafkaBroker
        void other(TestBroker broker) throws Exception {
            SEEN.add(broker.getBootstrapServers());
            assertThat(topics(broker)).isEmpty();
        }
    }

    @Test
    void mistakesAreNamed() {
        assertFailure(WrongSetting.class, "«num.partitions» must be like name=value");
        assertFailure(UnknownSetting.class, "num.partitionz");
        assertFailure(TooEarly.class, "there is no broker yet");
    }

    private static void assertFailure(Class<?> tests, String reason) {
        run(tests)
                .allEvents()
                .assertThatEvents()
                .haveAtLeastOne(event(finishedWithFailure(message(text -> text.contains(reason)))));
    }

    @KafkaBroker(settings = "num.partitions")
    static class WrongSetting {
        @Test
        void isNotReached() {}
    }

    @KafkaBroker(settings = "num.partitionz=3")
    static class UnknownSetting {
        @Test
        void isNotReached() {}
    }

    @KafkaBroker(scope = KafkaBroker.Scope.TEST)
    static class TooEarly {
        TooEarly(TestBroker broker) {
            SEEN.add(broker.getBootstrapServers());
        }

        @Test
        void isNotReached() {}
    }
}
