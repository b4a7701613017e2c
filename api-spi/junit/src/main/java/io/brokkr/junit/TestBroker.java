package io.brokkr.junit;

import io.brokkr.core.Broker;
import io.brokkr.core.BrokerBuilder;
import io.brokkr.plugin.faultinjector.FaultInjector;
import io.brokkr.plugin.faultinjector.Faults;
import io.brokkr.spi.MetricsReporter;
import io.brokkr.spi.NewTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A running broker with one listener on a free port of the loopback address. It keeps everything in memory, and forgets it when it is closed. Thread-safe.
 *
 * <pre>{@code
 * try (TestBroker broker = TestBroker.builder().topic("orders", 3).start()) {
 *     properties.put("bootstrap.servers", broker.getBootstrapServers());
 *     ...
 * }
 * }</pre>
 *
 * <p>In place of a container, with the rest of the test as it was:
 *
 * <pre>{@code
 * @Container static final KafkaContainer kafka = new KafkaContainer("apache/kafka:4.1.0");    // before
 * @AutoClose static final TestBroker kafka = TestBroker.start();                              // after
 * }</pre>
 */
public final class TestBroker implements AutoCloseable {

    private static final String LISTENER = "PLAINTEXT";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Broker broker;
    private final Path folder;
    private final Faults faults;
    private final TestTime time;

    private TestBroker(Broker broker, Path folder, Faults faults, TestTime time) {
        this.broker = broker;
        this.folder = folder;
        this.faults = faults;
        this.time = time;
    }

    /** A broker with no topics, and defaults that suit tests. */
    public static TestBroker start() {
        return builder().start();
    }

    /** Says what the broker is to be like. */
    public static Builder builder() {
        return new Builder();
    }

    /** What clients want as {@code bootstrap.servers}: a host and a port. The name is that of containers, so that one can take the place of the other. */
    public String getBootstrapServers() {
        return "localhost:" + broker.port(LISTENER);
    }

    /**
     * Makes a topic, which can be used when this returns.
     *
     * @param partitions 1 or more
     * @throws io.brokkr.spi.ApiException if there is one of that name, or the name is no topic's
     */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /**
     * Makes a topic with settings of its own, such as {@code cleanup.policy}.
     *
     * @throws io.brokkr.spi.ApiException as above, or if a setting is wrong
     */
    public void createTopic(String name, int partitions, Map<String, String> settings) {
        await(broker.services().topics().create(new NewTopic(name, partitions, NewTopic.DEFAULT, settings)));
    }

    /**
     * The faults that clients meet, none at the beginning: slow responses, errors, and connections that are dropped, by API and topic.
     *
     * <pre>{@code
     * Fault fault = broker.faults().error("Produce", "orders", ErrorCode.NOT_LEADER_OR_FOLLOWER);
     * ...
     * fault.close();
     * }</pre>
     */
    public Faults faults() {
        return faults;
    }

    /**
     * Lets time pass for the broker at once: records grow old, members of groups that do not speak are given up, delays end. Before and after it the broker goes by the machine's time, ahead of it
     * by all that has passed so. Clients do not notice but for what the broker does.
     *
     * <p>When this returns, the timers that have become due have run; what they began in the background, such as deleting old records, may be under way.
     *
     * @param step zero or more; all steps together make up to 290 years
     */
    public void advance(Duration step) {
        time.advance(step);
    }

    private static void await(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException(failure);
        } catch (TimeoutException hangs) {
            throw new IllegalStateException("the broker did not answer within " + LIMIT, hangs);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the broker", interrupted);
        }
    }

    /** Ends the broker; clients that are still connected lose their connections. Closing it twice does no harm. */
    @Override
    public void close() {
        // What is held back would hold back the end, too.
        faults.clear();
        broker.close();
        delete(folder);
    }

    private static void delete(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Says what a broker is to be like. For one thread; may start several. */
    public static final class Builder {

        private final Map<String, String> settings = new HashMap<>();
        private final List<NewTopic> topics = new ArrayList<>();
        private final List<Object> extensions = new ArrayList<>();

        private Builder() {
            settings.put("metadata.store", "memory");
            settings.put("storage.engine", "memory");
            // A test has few connections, and many brokers may run side by side.
            settings.put("num.network.threads", "1");
            // Nobody else will join: a consumer need not wait for company.
            settings.put("group.initial.rebalance.delay.ms", "0");
        }

        /** Has a topic with the broker's defaults. */
        public Builder topic(String name) {
            topics.add(NewTopic.withDefaults(name));
            return this;
        }

        /** Has a topic with a number of partitions. */
        public Builder topic(String name, int partitions) {
            return topic(name, partitions, Map.of());
        }

        /** Has a topic with settings of its own, such as {@code cleanup.policy}. */
        public Builder topic(String name, int partitions, Map<String, String> settings) {
            topics.add(new NewTopic(name, partitions, NewTopic.DEFAULT, settings));
            return this;
        }

        /** Sets a value of the broker's configuration, such as {@code auto.create.topics.enable}. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Adds an object that implements an extension point, beside those that are found on the class path. It belongs to the broker, so the builder is to start no other. */
        public Builder extension(Object extension) {
            extensions.add(extension);
            return this;
        }

        /**
         * Starts the broker, and makes its topics.
         *
         * @throws io.brokkr.core.StartException if it cannot start, for a reason that can be mended
         * @throws io.brokkr.spi.ApiException if a topic cannot be made
         */
        public TestBroker start() {
            TestBroker started = startWithoutTopics();
            try {
                for (NewTopic topic : topics) {
                    await(started.broker.services().topics().create(topic));
                }
                return started;
            } catch (RuntimeException refused) {
                started.close();
                throw refused;
            }
        }

        /** All but the fault injector that nobody could reach, in whose place is one with faults of this broker's own, and those that would show metrics on a port. */
        private static boolean suitsTests(Class<?> extension) {
            return extension != FaultInjector.class && !MetricsReporter.class.isAssignableFrom(extension);
        }

        private TestBroker startWithoutTopics() {
            Path folder;
            try {
                folder = Files.createTempDirectory("test-broker");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            Map<String, String> all = new HashMap<>(settings);
            all.put("listeners", LISTENER + "://localhost:0");
            all.put("log.dirs", folder.toString());
            BrokerBuilder builder = new BrokerBuilder().configuration(all).extensionsOnClassPath(Builder::suitsTests);
            extensions.forEach(builder::extension);
            Faults faults = new Faults();
            builder.extension(new FaultInjector(faults));
            TestTime time = new TestTime();
            try {
                return new TestBroker(builder.time(time, time::timers).start(), folder, faults, time);
            } catch (RuntimeException | LinkageError failure) {
                delete(folder);
                throw failure;
            }
        }
    }
}
