package io.brokkr.core.partition;

import static io.brokkr.core.partition.TestBroker.errorOf;
import static io.brokkr.core.partition.TestBroker.get;
import static io.brokkr.core.partition.TestInterceptors.judge;
import static io.brokkr.core.partition.TestInterceptors.plugin;
import static io.brokkr.core.partition.TestInterceptors.quick;
import static io.brokkr.core.partition.TestInterceptors.stamp;
import static io.brokkr.core.partition.TestInterceptors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.brokkr.pluginhost.PluginInterceptors;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.protocol.record.RecordStream;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.RefusedRecordsException;
import io.brokkr.spi.record.RefusedRecordsException.RecordError;
import io.brokkr.spi.record.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class InterceptionTest {

    private static final Map<String, String> CHECKED = Map.of("record.interceptors", "check");

    private static TestBroker broker(Map<String, String> settings, PluginInterceptors... plugins) {
        TestBroker broker = new TestBroker(Map.of());
        broker.codecs = GzipCodec.CODECS;
        broker.restart();
        broker.partitions.intercept(List.of(plugins));
        broker.create(settings);
        return broker;
    }

    private static Appended append(Partition partition, ByteBuffer batch) {
        return get(partition.append(batch, Durability.COMMITTED));
    }

    private static List<RecordBatch> stored(Partition partition) {
        return TestBatches.batches(
                get(partition.read(partition.logStartOffset(), Integer.MAX_VALUE, true, Isolation.READ_UNCOMMITTED))
                        .records());
    }

    /** Each record as its value and its headers' keys. */
    private static List<String> storedRecords(Partition partition) {
        List<String> all = new ArrayList<>();
        for (RecordBatch batch : stored(partition)) {
            batch.verify();
            try (RecordStream records = RecordStream.open(batch, GzipCodec.CODECS)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    all.add(text(record)
                            + record.headers().stream().map(RecordHeader::key).toList());
                }
            }
        }
        return all;
    }

    /** The model: an append of bad records fails with their places, and one without is stored as it came. */
    @Property(tries = 200)
    void anAppendIsStoredIfNoneOfItsRecordsIsRefused(
            @ForAll @Size(min = 1, max = 6) List<@Size(min = 1, max = 130) List<Boolean>> appends,
            @ForAll boolean compressed,
            @ForAll boolean isQuick) {
        RecordInterceptor interceptor =
                isQuick ? quick(InterceptionTest::refuseBad) : judge(InterceptionTest::refuseBad);
        Partition partition = broker(CHECKED, plugin("check", interceptor)).partition();
        List<ByteBuffer> expected = new ArrayList<>();
        for (List<Boolean> append : appends) {
            String[] values = append.stream().map(good -> good ? "good" : "bad").toArray(String[]::new);
            ByteBuffer batch = compressed ? TestBatches.gzip(TestBatches.batch(values)) : TestBatches.batch(values);
            ByteBuffer copy = ByteBuffer.allocate(batch.remaining())
                    .put(batch.duplicate())
                    .flip();
            List<RecordError> errors = IntStream.range(0, values.length)
                    .filter(i -> !append.get(i))
                    .limit(RefusedRecordsException.MOST_ERRORS)
                    .mapToObj(i -> new RecordError(i, "it is bad"))
                    .toList();
            if (errors.isEmpty()) {
                append(partition, batch);
                expected.add(afterItsOffset(copy));
            } else {
                RefusedRecordsException refusal =
                        catchThrowableOfType(RefusedRecordsException.class, () -> append(partition, batch));
                assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_RECORD);
                assertThat(refusal.errors()).isEqualTo(errors);
                assertThat(refusal)
                        .hasMessageStartingWith(
                                "check refuses record " + errors.get(0).batchIndex());
            }
        }
        assertThat(stored(partition).stream().map(batch -> afterItsOffset(batch.buffer())))
                .isEqualTo(expected);
    }

    private static Verdict refuseBad(Record record) {
        return text(record).equals("bad") ? Verdict.refuse("it is bad") : Verdict.accept();
    }

    /** What the broker does not patch. */
    private static ByteBuffer afterItsOffset(ByteBuffer batch) {
        return batch.slice(RecordBatch.MAGIC_POSITION, batch.remaining() - RecordBatch.MAGIC_POSITION);
    }

    @Test
    void interceptorsWorkInTheOrderInWhichTheTopicNamesThem() {
        TestBroker broker = broker(
                Map.of("record.interceptors", "second, first"),
                plugin("first", stamp("first")),
                plugin("second", stamp("second")),
                plugin("unnamed", stamp("unnamed")));
        append(broker.partition(), TestBatches.batch("a", "b"));
        assertThat(storedRecords(broker.partition())).containsExactly("a[second, first]", "b[second, first]");
    }

    @Test
    void whoComesAfterARefusalIsNotAsked() {
        AtomicInteger asked = new AtomicInteger();
        TestBroker broker = broker(
                Map.of("record.interceptors", "check,later"),
                plugin("check", judge(InterceptionTest::refuseBad)),
                plugin("later", batch -> asked.incrementAndGet()));
        assertThat(errorOf(broker.partition().append(TestBatches.batch("bad"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "uncompressed", "gzip"})
    void aChangedBatchKeepsItsProducerAndGetsTheCompressionOfTheTopic(String compression) {
        TestBroker broker = broker(
                Map.of("record.interceptors", "check", "compression.type", compression),
                plugin("check", stamp("seen")));
        Partition partition = broker.partition();
        ByteBuffer batch = TestBatches.gzip(TestBatches.idempotent(7, 3, 0, "a", "b"));
        ByteBuffer again =
                ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
        assertThat(append(partition, batch)).isEqualTo(new Appended(0, 1, -1, 0));
        assertThat(append(partition, again)).isEqualTo(new Appended(0, 1, -1, 0));
        append(partition, TestBatches.idempotent(7, 3, 2, "c"));

        assertThat(storedRecords(partition)).containsExactly("a[seen]", "b[seen]", "c[seen]");
        RecordBatch first = stored(partition).get(0);
        assertThat(first.producerId()).isEqualTo(7);
        assertThat(first.producerEpoch()).isEqualTo((short) 3);
        assertThat(first.lastSequence()).isEqualTo(1);
        assertThat(first.compression())
                .isEqualTo(compression.equals("uncompressed") ? Compression.NONE : Compression.GZIP);
    }

    @Test
    void anInterceptorThatFailsLetsNothingIn() {
        List<RecordInterceptor> failing = List.of(
                batch -> {
                    throw new IllegalStateException("a bug");
                },
                batch -> {
                    throw new NoClassDefFoundError("gone");
                },
                judge(record -> {
                    throw new StackOverflowError();
                }),
                judge(record -> null),
                judge(record -> Verdict.replace(record.value(), null)));
        for (RecordInterceptor interceptor : failing) {
            TestBroker broker = broker(CHECKED, plugin("check", interceptor));
            Partition partition = broker.partition();
            assertThatThrownBy(() -> append(partition, TestBatches.batch("a")))
                    .isInstanceOfSatisfying(ApiException.class, refusal -> assertThat(refusal.error())
                            .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR))
                    .hasMessage("the record interceptor check of the plugin check-plugin 1.0 failed");
            assertThat(partition.logEndOffset()).isZero();
        }
    }

    /** Whatever the interceptor makes of it. */
    @Test
    void aBatchThatCannotBeOpenedIsRefused() {
        RecordInterceptor careless = batch -> {
            try {
                batch.forEach(record -> Verdict.accept());
            } catch (RuntimeException ignored) {
                // As a careless author would.
            }
        };
        TestBroker broker = broker(CHECKED, plugin("check", careless));
        ByteBuffer corrupt = TestBatches.batch("a");
        corrupt.put(corrupt.limit() - 1, (byte) 99);
        assertThat(errorOf(broker.partition().append(corrupt, Durability.COMMITTED)))
                .isEqualTo(ErrorCode.CORRUPT_MESSAGE);

        ByteBuffer bomb = TestBatches.gzip(new RecordBatchBuilder()
                .append(1, null, ByteBuffer.allocate(20 << 20))
                .build());
        assertThat(errorOf(broker.partition().append(bomb, Durability.COMMITTED)))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);

        ByteBuffer gzip = TestBatches.gzip(TestBatches.batch("a"));
        TestBroker withoutCodec = new TestBroker(Map.of());
        withoutCodec.partitions.intercept(List.of(plugin("check", careless)));
        withoutCodec.create(CHECKED);
        assertThat(errorOf(withoutCodec.partition().append(gzip, Durability.COMMITTED)))
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void whatGrowsBeyondTheLimitOfTheTopicIsRefused() {
        TestBroker broker = broker(
                Map.of("record.interceptors", "check", "max.message.bytes", "200"),
                plugin("check", judge(record -> Verdict.replace(ByteBuffer.allocate(300), List.of()))));
        assertThat(errorOf(broker.partition().append(TestBatches.batch("a"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(broker.partition().logEndOffset()).isZero();
    }

    @Test
    void aTopicIsOnlyMadeWithInterceptorsThatAreLoaded() {
        TestBroker broker = broker(Map.of());
        assertThatThrownBy(() -> get(broker.topics.create(new NewTopic("other", 1, 1, CHECKED))))
                .isInstanceOfSatisfying(ApiException.class, refusal -> assertThat(refusal.error())
                        .isEqualTo(ErrorCode.INVALID_CONFIG))
                .hasMessage("record.interceptors=check: not all of them are loaded; those that are: []");
        broker.partitions.intercept(List.of(plugin("check", stamp("seen"))));
        get(broker.topics.create(new NewTopic("other", 1, 1, CHECKED)));
    }

    @Test
    void asLongAsOneIsMissingNoRecordIsTaken() {
        TestBroker broker = broker(CHECKED, plugin("check", judge(InterceptionTest::refuseBad)));
        Partition partition = broker.partition();
        append(partition, TestBatches.batch("a"));
        broker.partitions.intercept(List.of());
        assertThat(errorOf(partition.append(TestBatches.batch("b"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        broker.partitions.intercept(List.of(plugin("check", stamp("new"))));
        append(partition, TestBatches.batch("c"));
        broker.restart();
        assertThat(errorOf(broker.partition().append(TestBatches.batch("d"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(storedRecords(broker.partition())).containsExactly("a[]", "c[new]");
    }

    @Test
    void aChangeOfTheSettingCountsFromTheNextAppendOn() {
        TestBroker broker = broker(Map.of(), plugin("check", stamp("seen")));
        Partition partition = broker.partition();
        append(partition, TestBatches.batch("a"));
        get(broker.topics.configure(TestBroker.TOPIC, CHECKED, false));
        append(partition, TestBatches.batch("b"));
        get(broker.topics.configure(TestBroker.TOPIC, Map.of(), false));
        append(partition, TestBatches.batch("c"));
        assertThat(storedRecords(partition)).containsExactly("a[]", "b[seen]", "c[]");
    }

    @Test
    void anInterceptorThatCannotBeMadeLetsNothingIn() {
        PluginInterceptors working = plugin("check", stamp("seen"));
        PluginInterceptors broken = new PluginInterceptors(
                "check",
                List.of(),
                topic -> {
                    throw new IllegalStateException("no such schema");
                },
                working.gate(),
                working.faults());
        TestBroker broker = broker(CHECKED, broken);
        assertThat(errorOf(broker.partition().append(TestBatches.batch("a"), Durability.COMMITTED)))
                .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void internalTopicsAreNotIntercepted() {
        TestBroker broker = new TestBroker(Map.of("log.record.interceptors", "missing"));
        get(broker.topics.internal(new NewTopic("__consumer_offsets", 1, 1, Map.of())));
        Partition partition = get(broker.partitions.open(new TopicPartition("__consumer_offsets", 0)));
        append(partition, TestBatches.batch("a"));
        assertThat(storedRecords(partition)).containsExactly("a[]");
    }

    /** The event loop has time for what says so and lies there uncompressed, and for nothing else. */
    @Test
    void onlyWhatIsQuickRunsOnTheCallersThread() {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try {
            AtomicReference<Thread> last = new AtomicReference<>();
            PluginInterceptors quick = plugin("quick", quick(record -> remember(last)));
            PluginInterceptors slow = plugin("slow", judge(record -> remember(last)));
            TestBroker broker = new TestBroker(Map.of(), new ThreadsOf(worker));
            broker.codecs = GzipCodec.CODECS;
            broker.restart();
            broker.partitions.intercept(List.of(quick, slow));
            broker.create(Map.of("record.interceptors", "quick"));
            Partition partition = broker.partition();
            append(partition, TestBatches.batch("a"));
            assertThat(last.get()).isSameAs(Thread.currentThread());
            append(partition, TestBatches.gzip(TestBatches.batch("b")));
            assertThat(last.get()).isNotSameAs(Thread.currentThread());
            get(broker.topics.configure(TestBroker.TOPIC, Map.of("record.interceptors", "slow"), false));
            last.set(null);
            append(partition, TestBatches.batch("c"));
            assertThat(last.get()).isNotNull().isNotSameAs(Thread.currentThread());
        } finally {
            worker.shutdownNow();
        }
    }

    private static Verdict remember(AtomicReference<Thread> last) {
        last.set(Thread.currentThread());
        return Verdict.accept();
    }

    /** Whoever stands behind a batch that takes long is not appended before it, intercepted or not. */
    @Test
    void theOrderOfAppendsIsThatOfTheCalls() throws Exception {
        ExecutorService worker = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            PluginInterceptors slow = plugin("check", judge(record -> {
                entered.countDown();
                await(go);
                return Verdict.accept();
            }));
            TestBroker broker = new TestBroker(Map.of(), new ThreadsOf(worker));
            broker.partitions.intercept(List.of(slow));
            broker.create(CHECKED);
            Partition partition = broker.partition();
            List<Future<Appended>> answers = new ArrayList<>();
            answers.add(partition
                    .append(TestBatches.idempotent(1, 0, 0, "0"), Durability.COMMITTED)
                    .toCompletableFuture());
            await(entered);
            get(broker.topics.configure(TestBroker.TOPIC, Map.of(), false));
            for (int i = 1; i < 20; i++) {
                answers.add(partition
                        .append(TestBatches.idempotent(1, 0, i, "" + i), Durability.COMMITTED)
                        .toCompletableFuture());
            }
            assertThat(answers).noneMatch(Future::isDone);
            go.countDown();
            for (int i = 0; i < 20; i++) {
                assertThat(answers.get(i).get(20, TimeUnit.SECONDS).baseOffset())
                        .isEqualTo(i);
            }
        } finally {
            worker.shutdownNow();
        }
    }

    /** Plugins come and go under load: no batch passes unchecked, and none is with a plugin that has been closed. */
    @Test
    void aPluginThatHasGoneIsUsedByNoBatch() throws Exception {
        ExecutorService worker = Executors.newFixedThreadPool(6);
        try {
            TestBroker broker = new TestBroker(Map.of(), new ThreadsOf(worker));
            Generation first = new Generation("0");
            broker.partitions.intercept(List.of(first.plugin));
            broker.create(CHECKED);
            Partition partition = broker.partition();
            CountDownLatch end = new CountDownLatch(1);
            List<Future<Integer>> producers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                producers.add(worker.submit(() -> appendUntil(end, partition)));
            }
            Generation now = first;
            for (int i = 1; i <= 200; i++) {
                Generation next = new Generation("" + i);
                broker.partitions.intercept(List.of(next.plugin));
                now.plugin.gate().close();
                now.closed = true;
                now = next;
            }
            end.countDown();
            int appended = 0;
            for (Future<Integer> producer : producers) {
                appended += producer.get(30, TimeUnit.SECONDS);
            }
            List<String> records = storedRecords(partition);
            assertThat(records).hasSize(appended).allMatch(record -> record.matches("v\\[\\d+]"));
        } finally {
            worker.shutdownNow();
        }
    }

    private static int appendUntil(CountDownLatch end, Partition partition) {
        int count = 0;
        while (end.getCount() > 0) {
            append(partition, TestBatches.batch("v"));
            count++;
        }
        return count;
    }

    /** A version of a plugin, which fails when it is called after its end. */
    private static final class Generation {

        final PluginInterceptors plugin;
        volatile boolean closed;

        Generation(String name) {
            RecordInterceptor stamp = stamp(name);
            plugin = plugin("check", batch -> {
                if (closed) {
                    throw new IllegalStateException("closed");
                }
                stamp.intercept(batch);
                if (closed) {
                    throw new IllegalStateException("closed");
                }
            });
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
