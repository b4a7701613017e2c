package io.brokkr.core.partition;

import static io.brokkr.core.partition.TestBroker.errorOf;
import static io.brokkr.core.partition.TestBroker.get;
import static io.brokkr.core.partition.TestInterceptors.fetching;
import static io.brokkr.core.partition.TestInterceptors.judge;
import static io.brokkr.core.partition.TestInterceptors.plugin;
import static io.brokkr.core.partition.TestInterceptors.stamp;
import static io.brokkr.core.partition.TestInterceptors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.pluginhost.BoundedLog;
import io.brokkr.pluginhost.Interception;
import io.brokkr.pluginhost.InterceptorChain;
import io.brokkr.pluginhost.PluginInterceptors;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatchBuilder;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.protocol.record.RecordStream;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.record.RecordInterceptors;
import io.brokkr.spi.record.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class ReadInterceptionTest {

    private static final Map<String, String> SHOWN = Map.of("record.interceptors.fetch", "show");

    /** What a record's value asks the interceptor for. */
    private enum Wish {
        SHOW,
        HIDE,
        CHANGE
    }

    private static Verdict fulfil(Record record) {
        return switch (Wish.valueOf(text(record))) {
            case SHOW -> Verdict.accept();
            case HIDE -> Verdict.refuse("it is hidden");
            case CHANGE -> Verdict.replace(TestBatches.text("CHANGED"), record.headers());
        };
    }

    private static TestBroker broker(
            Map<String, String> configuration, Map<String, String> settings, PluginInterceptors... plugins) {
        TestBroker broker = new TestBroker(configuration);
        broker.codecs = GzipCodec.CODECS;
        broker.restart();
        broker.partitions.intercept(List.of(plugins));
        broker.create(settings);
        return broker;
    }

    private static void append(Partition partition, ByteBuffer batch) {
        get(partition.append(batch, Durability.COMMITTED));
    }

    private static RecordData read(Partition partition, long offset, int maxBytes, Isolation isolation) {
        return get(partition.read(offset, maxBytes, true, isolation)).records();
    }

    /** Each record as its offset, its value, and its headers' keys. */
    private static List<String> records(List<RecordBatch> batches) {
        List<String> all = new ArrayList<>();
        for (RecordBatch batch : batches) {
            batch.verify();
            if (batch.recordCount() == 0) {
                continue;
            }
            try (RecordStream records = RecordStream.open(batch, GzipCodec.CODECS)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    all.add(record.offset() + ":" + text(record)
                            + record.headers().stream().map(RecordHeader::key).toList());
                }
            }
        }
        return all;
    }

    private static List<String> all(Partition partition, Isolation isolation) {
        return records(TestBatches.batches(read(partition, 0, Integer.MAX_VALUE, isolation)));
    }

    /** The model: a consumer that reads in steps of any size meets the records that may be seen, in order and with their own offsets, and gets to the end. */
    @Property(tries = 300)
    void aConsumerSeesWhatItMayAndReachesTheEnd(
            @ForAll @Size(min = 1, max = 6) List<@Size(min = 1, max = 30) List<Wish>> appends,
            @ForAll boolean compressed,
            @ForAll @IntRange(max = 3_000) int maxBytes) {
        Partition partition = broker(Map.of(), SHOWN, fetching("show", judge(ReadInterceptionTest::fulfil)))
                .partition();
        List<String> stored = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (List<Wish> append : appends) {
            String[] values = append.stream().map(Wish::name).toArray(String[]::new);
            ByteBuffer batch = TestBatches.batch(values);
            append(partition, compressed ? TestBatches.gzip(batch) : batch);
            for (Wish wish : append) {
                int offset = stored.size();
                stored.add(offset + ":" + wish + "[]");
                if (wish != Wish.HIDE) {
                    expected.add(offset + ":" + (wish == Wish.CHANGE ? "CHANGED" : wish) + "[]");
                }
            }
        }
        List<String> seen = new ArrayList<>();
        long next = 0;
        while (next < partition.highWatermark()) {
            List<RecordBatch> batches =
                    TestBatches.batches(read(partition, next, maxBytes, Isolation.READ_UNCOMMITTED));
            assertThat(batches).as("what goes on from %d", next).isNotEmpty();
            seen.addAll(records(batches));
            next = batches.get(batches.size() - 1).lastOffset() + 1;
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(all(partition, Isolation.LOG_END)).isEqualTo(stored);
    }

    @Test
    void whatCompactionHasLeftIsShownAsItIs() {
        ByteBuffer compacted = RecordBatch.of(TestBatches.batch("SHOW", "SHOW", "HIDE", "SHOW"))
                .retaining(record -> record.offset() != 0, OptionalLong.of(7), GzipCodec.CODECS)
                .buffer();
        ByteBuffer empty = RecordBatch.of(TestBatches.batch("SHOW"))
                .retaining(record -> false, OptionalLong.empty(), GzipCodec.CODECS)
                .buffer();
        RecordData shown = reads("show", ReadInterceptionTest::fulfil).apply(data(compacted, empty));
        List<RecordBatch> batches = TestBatches.batches(shown);
        assertThat(records(batches)).containsExactly("1:SHOW[]", "3:SHOW[]");
        assertThat(batches.get(0).lastOffset()).isEqualTo(3);
        assertThat(batches.get(0).baseTimestamp()).isEqualTo(7);
        assertThat(batches.get(1).buffer()).isEqualTo(empty);
    }

    private static RecordData data(ByteBuffer... batches) {
        return RecordBuffers.of(List.of(batches), () -> {});
    }

    private static ReadInterception reads(String name, Function<Record, Verdict> judge) {
        Interception interception = new Interception();
        TestBroker broker = broker(Map.of(), Map.of());
        interception.renew(() -> InterceptorChain.of(
                broker.topics.find(TestBroker.TOPIC),
                List.of(fetching(name, judge(judge))),
                RecordInterceptors::onFetch,
                () -> new ApiException(ErrorCode.INVALID_CONFIG, "gone")));
        return new ReadInterception(
                TestBroker.PARTITION,
                interception,
                GzipCodec.CODECS,
                new InterceptedReads(
                        1 << 20, new BoundedLog(LoggerFactory.getLogger(ReadInterceptionTest.class), broker.time)));
    }

    @Test
    void interceptorsWorkInTheirOrderAndNobodyIsAskedOfWhatIsNotShown() {
        AtomicInteger asked = new AtomicInteger();
        TestBroker broker = broker(
                Map.of(),
                Map.of("record.interceptors.fetch", "second, first, last"),
                fetching("first", stamp("first")),
                fetching("second", judge(ReadInterceptionTest::fulfil)),
                fetching("last", batch -> asked.incrementAndGet()),
                fetching("unnamed", stamp("unnamed")));
        append(broker.partition(), TestBatches.batch("SHOW", "HIDE", "CHANGE"));
        append(broker.partition(), TestBatches.batch("HIDE"));
        assertThat(all(broker.partition(), Isolation.READ_COMMITTED))
                .containsExactly("0:SHOW[first]", "2:CHANGED[first]");
        assertThat(asked).hasValue(1);
    }

    @Test
    void theWaysInAndOutAreIndependent() {
        TestBroker broker = broker(
                Map.of(),
                Map.of("record.interceptors", "in", "record.interceptors.fetch", "out"),
                plugin("in", stamp("in")),
                fetching("out", stamp("out")));
        append(broker.partition(), TestBatches.batch("a"));
        assertThat(all(broker.partition(), Isolation.READ_UNCOMMITTED)).containsExactly("0:a[in, out]");
        assertThat(all(broker.partition(), Isolation.LOG_END)).containsExactly("0:a[in]");
    }

    /** A batch that is cut off is nobody's to judge, so it is not shown. */
    @Test
    void nothingIsShownThatNobodySaw() {
        ByteBuffer second = TestBatches.batch("SHOW");
        RecordData shown = reads("show", ReadInterceptionTest::fulfil)
                .apply(data(TestBatches.batch("HIDE"), second.limit(second.limit() - 1)));
        assertThat(shown.sizeInBytes()).isEqualTo(RecordBatch.HEADER_SIZE);
    }

    @Test
    void asLongAsOneIsMissingNothingIsShown() {
        TestBroker broker = broker(Map.of(), SHOWN, fetching("show", stamp("old")));
        Partition partition = broker.partition();
        append(partition, TestBatches.batch("a"));
        broker.partitions.intercept(List.of());
        assertThat(errorOf(partition.read(0, 1_000, true, Isolation.READ_UNCOMMITTED)))
                .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(all(partition, Isolation.LOG_END)).containsExactly("0:a[]");
        append(partition, TestBatches.batch("b"));
        broker.partitions.intercept(List.of(fetching("show", stamp("new"))));
        assertThat(all(partition, Isolation.READ_UNCOMMITTED)).containsExactly("0:a[new]", "1:b[new]");
        get(broker.topics.configure(TestBroker.TOPIC, Map.of(), false));
        assertThat(all(partition, Isolation.READ_UNCOMMITTED)).containsExactly("0:a[]", "1:b[]");
        assertThatThrownBy(() -> get(
                        broker.topics.create(new NewTopic("other", 1, 1, Map.of("record.interceptors.fetch", "shwo")))))
                .hasMessage("record.interceptors.fetch=shwo: not all of them are loaded; those that are: [show]");
    }

    @Test
    void anInterceptorThatFailsShowsNothing() {
        TestBroker broker = broker(Map.of(), SHOWN, fetching("show", judge(record -> {
            throw new IllegalStateException("a bug");
        })));
        append(broker.partition(), TestBatches.batch("a"));
        assertThat(errorOf(broker.partition().read(0, 1_000, true, Isolation.READ_COMMITTED)))
                .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void whatCannotBeOpenedIsToldAfterWhatStandsBeforeIt() {
        ReadInterception reads = reads("show", ReadInterceptionTest::fulfil);
        ByteBuffer corrupt = TestBatches.batch("SHOW");
        corrupt.put(corrupt.limit() - 1, (byte) 99);
        assertThat(records(TestBatches.batches(reads.apply(data(TestBatches.batch("SHOW"), corrupt)))))
                .containsExactly("0:SHOW[]");
        assertThatThrownBy(() -> reads.apply(data(corrupt)))
                .isInstanceOfSatisfying(ApiException.class, refusal -> assertThat(refusal.error())
                        .isEqualTo(ErrorCode.CORRUPT_MESSAGE));

        ByteBuffer bomb = TestBatches.gzip(new RecordBatchBuilder()
                .append(1, null, ByteBuffer.allocate(20 << 20))
                .build());
        assertThatThrownBy(() -> reads.apply(data(bomb)))
                .isInstanceOfSatisfying(ApiException.class, refusal -> assertThat(refusal.error())
                        .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR));

        TestBroker withoutCodec = new TestBroker(Map.of());
        withoutCodec.partitions.intercept(List.of(fetching("show", stamp("seen"))));
        withoutCodec.create(SHOWN);
        ByteBuffer gzip = TestBatches.gzip(TestBatches.batch("a"));
        assertThat(RecordBatch.of(gzip).compression()).isEqualTo(Compression.GZIP);
        append(withoutCodec.partition(), gzip);
        assertThat(errorOf(withoutCodec.partition().read(0, 1_000, true, Isolation.READ_UNCOMMITTED)))
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
    }

    /** Whoever has something already gets nothing more, and whoever has nothing one batch. */
    @Test
    void memoryForWhatIsNotSentYetIsBounded() {
        TestBroker broker =
                broker(Map.of("fetch.interception.memory.bytes", "1"), SHOWN, fetching("show", stamp("seen")));
        Partition partition = broker.partition();
        append(partition, TestBatches.batch("a"));
        append(partition, TestBatches.batch("b"));
        RecordData first = read(partition, 0, 10_000, Isolation.READ_UNCOMMITTED);
        RecordData second = read(partition, 0, 10_000, Isolation.READ_UNCOMMITTED);
        RecordData third = get(partition.read(0, 10_000, false, Isolation.READ_UNCOMMITTED))
                .records();
        assertThat(third.sizeInBytes()).isZero();
        assertThat(records(TestBatches.batches(second))).containsExactly("0:a[seen]");
        assertThat(records(TestBatches.batches(first))).containsExactly("0:a[seen]", "1:b[seen]");
        assertThat(all(partition, Isolation.READ_UNCOMMITTED)).containsExactly("0:a[seen]", "1:b[seen]");
    }

    @Test
    void internalTopicsAreNotIntercepted() {
        TestBroker broker = new TestBroker(Map.of("log.record.interceptors.fetch", "missing"));
        get(broker.topics.internal(new NewTopic("__consumer_offsets", 1, 1, Map.of())));
        Partition partition = get(broker.partitions.open(new TopicPartition("__consumer_offsets", 0)));
        append(partition, TestBatches.batch("a"));
        assertThat(all(partition, Isolation.READ_UNCOMMITTED)).containsExactly("0:a[]");
    }
}
