package io.brokkr.benchmarks;

import io.brokkr.junit.TestBroker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Brokers of tests, as they start in a fresh process: the first iteration is the first broker of its process, the others are those that follow. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
public class EmbeddedBrokerBenchmark {

    private static final int MANY = 50;

    private final Queue<TestBroker> running = new ConcurrentLinkedQueue<>();

    /** One more, beside those that run already. */
    @Benchmark
    @Fork(7)
    @Measurement(iterations = 3)
    public void start() {
        running.add(TestBroker.builder().topic("orders", 3).start());
    }

    /** All at the same time, in a small heap. */
    @Benchmark
    @Fork(value = 3, jvmArgsAppend = "-Xmx256m")
    @Measurement(iterations = 1)
    public void startFiftyInParallel() {
        IntStream.range(0, MANY).parallel().forEach(number -> start());
    }

    /** Ends them. */
    @TearDown
    public void stop() {
        running.forEach(TestBroker::close);
    }
}
