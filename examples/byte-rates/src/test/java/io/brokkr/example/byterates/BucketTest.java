package io.brokkr.example.byterates;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;

/** The bucket beside a plain model, which counts parts of bytes without any rounding. */
class BucketTest {

    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000L);

    /** Something is taken, so many nanoseconds after what was taken before. */
    private record Taken(long afterNanos, long bytes) {}

    /** What is in the bucket, in billionths of bytes; less than nothing if too much was taken. */
    private static final class Model {

        private final BigInteger rate;
        private final BigInteger burst;
        private BigInteger level;

        Model(long rate) {
            this.rate = BigInteger.valueOf(rate);
            this.burst = this.rate.multiply(NANOS_PER_SECOND);
            this.level = burst;
        }

        void pass(long nanos) {
            level = level.add(rate.multiply(BigInteger.valueOf(nanos))).min(burst);
        }

        void take(long bytes) {
            level = level.subtract(BigInteger.valueOf(bytes).multiply(NANOS_PER_SECOND));
        }

        /** The smallest number of nanoseconds after which nothing is missing. */
        BigInteger pause() {
            BigInteger missing = level.negate().max(BigInteger.ZERO);
            return missing.add(rate).subtract(BigInteger.ONE).divide(rate);
        }

        boolean isFull() {
            return level.equals(burst);
        }
    }

    @Provide
    Arbitrary<List<Taken>> taken() {
        Arbitrary<Long> after = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.longs().between(0, 3_000)),
                Tuple.of(3, Arbitraries.longs().between(0, 3_000_000_000L)),
                Tuple.of(1, Arbitraries.longs().between(0, 1_000_000_000_000_000L)));
        Arbitrary<Long> bytes = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.longs().between(0, 10)),
                Tuple.of(3, Arbitraries.longs().between(0, 10_000_000)),
                Tuple.of(1, Arbitraries.longs().between(0, Long.MAX_VALUE / 1_000)));
        return Combinators.combine(after, bytes).as(Taken::new).list().ofMaxSize(50);
    }

    private static BigInteger nanos(Duration duration) {
        return BigInteger.valueOf(duration.getSeconds())
                .multiply(NANOS_PER_SECOND)
                .add(BigInteger.valueOf(duration.getNano()));
    }

    @Property
    void pausesAreExact(
            @ForAll("taken") List<Taken> taken,
            @ForAll @LongRange(min = 1, max = Bucket.HIGHEST_RATE) long rate,
            @ForAll long start) {
        Model model = new Model(rate);
        long now = start;
        Bucket bucket = Bucket.full(now);
        for (Taken step : taken) {
            now += step.afterNanos();
            model.pass(step.afterNanos());
            assertThat(bucket.isFull(now)).isEqualTo(model.isFull());
            bucket = bucket.take(step.bytes(), rate, now);
            model.take(step.bytes());
            assertThat(nanos(bucket.pause())).isEqualTo(model.pause());
        }
    }

    /** Whoever pauses as it is told has taken, whenever it may take again, no more than flowed in since the beginning and the bucket held. */
    @Property
    void whoPausesKeepsToTheRate(
            @ForAll("taken") List<Taken> taken, @ForAll @LongRange(min = 1, max = Bucket.HIGHEST_RATE) long rate) {
        BigInteger passed = BigInteger.ZERO;
        BigInteger all = BigInteger.ZERO;
        long now = 0;
        Bucket bucket = Bucket.full(now);
        for (Taken step : taken) {
            long bytes = step.bytes() % 1_000_000_000L;
            BigInteger wait = nanos(bucket.pause()).add(BigInteger.valueOf(step.afterNanos()));
            now += wait.longValue();
            passed = passed.add(wait);
            BigInteger allowed = passed.add(NANOS_PER_SECOND).multiply(BigInteger.valueOf(rate));
            assertThat(all.multiply(NANOS_PER_SECOND)).isLessThanOrEqualTo(allowed);
            bucket = bucket.take(bytes, rate, now);
            all = all.add(BigInteger.valueOf(bytes));
        }
    }

    @Example
    void oneSecondAheadIsFree() {
        Bucket bucket = Bucket.full(0).take(1_000, 1_000, 0);
        assertThat(bucket.pause()).isEqualTo(Duration.ZERO);
        assertThat(bucket.take(1, 1_000, 0).pause()).isEqualTo(Duration.ofMillis(1));
        assertThat(bucket.take(1, 1_000, 1_000_000).pause()).isEqualTo(Duration.ZERO);
        assertThat(bucket.isFull(999_999_999)).isFalse();
        assertThat(bucket.isFull(1_000_000_000)).isTrue();
    }
}
