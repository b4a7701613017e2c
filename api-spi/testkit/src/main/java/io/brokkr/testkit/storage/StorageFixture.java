package io.brokkr.testkit.storage;

import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** What a storage needs of a broker, without the broker: the system's clock, real threads, counters that nobody looks at. */
public final class StorageFixture implements StorageContext, AutoCloseable {

    private static final int BLOCKING_THREADS = 4;

    private final BrokerConfiguration configuration;
    private final List<Path> dataFolders;
    private final EngineSpace space;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(StorageFixture::daemon);
    private final ExecutorService blocking = Executors.newFixedThreadPool(BLOCKING_THREADS, StorageFixture::daemon);

    /** Folders that exist, and values of settings as one would write them. */
    public StorageFixture(List<Path> dataFolders, Map<String, String> settings) {
        this(dataFolders, settings, List.of());
    }

    /** The same, for an engine that is built on others: those that it may open as its own. */
    public StorageFixture(
            List<Path> dataFolders, Map<String, String> settings, List<? extends StorageEngineFactory> engines) {
        this.dataFolders = List.copyOf(dataFolders);
        this.configuration = new TextConfiguration(settings);
        this.space = new EngineSpace(this, this.dataFolders, engines, List.of());
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "storage-fixture");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public BrokerConfiguration configuration() {
        return configuration;
    }

    @Override
    public List<Path> dataFolders() {
        return dataFolders;
    }

    /** A folder that the test has made. */
    @Override
    public void requireUsable(Path dataFolder) {
        if (!Files.isDirectory(dataFolder)) {
            throw new StorageException("the data folder " + dataFolder + " is not there");
        }
    }

    /** One of those that the fixture was given; its folders are made. */
    @Override
    public StorageEngine openEngine(String name, String space) {
        return this.space.openEngine(name, space);
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public long millis() {
                return System.currentTimeMillis();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }

    @Override
    public Scheduler scheduler() {
        return new Scheduler() {
            @Override
            public Timer schedule(Duration delay, Runnable task) {
                return timerOf(timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
            }

            @Override
            public Timer repeat(Duration period, Runnable task) {
                long nanos = period.toNanos();
                return timerOf(timer.scheduleWithFixedDelay(task, nanos, nanos, TimeUnit.NANOSECONDS));
            }

            @Override
            public Executor blocking() {
                return blocking;
            }
        };
    }

    private static Scheduler.Timer timerOf(Future<?> future) {
        return () -> future.cancel(false);
    }

    @Override
    public BrokerEvents events() {
        return (type, subject, details) -> {};
    }

    @Override
    public Metrics metrics() {
        return new Metrics() {
            @Override
            public Counter counter(String name, String help, Map<String, String> labels) {
                return new LongAdder()::add;
            }

            @Override
            public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value) {}

            @Override
            public Timings timings(String name, String help, Map<String, String> labels) {
                return new AtomicLong()::addAndGet;
            }
        };
    }

    /** Ends the threads, after what they were given. */
    @Override
    public void close() {
        timer.shutdownNow();
        blocking.shutdown();
        try {
            if (!blocking.awaitTermination(Stages.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("work that blocks did not end within " + Stages.LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
