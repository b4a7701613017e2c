package io.brokkr.protocol.record;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple3;
import net.jqwik.api.domains.DomainContextBase;

/** Draws record batches: null and empty keys and values, headers, timestamps near and far, producers of all kinds. */
class BatchDomain extends DomainContextBase {

    @Provide
    Arbitrary<BatchSpec> batches() {
        Arbitrary<Long> baseOffsets =
                Arbitraries.oneOf(Arbitraries.just(0L), Arbitraries.longs().between(0, Long.MAX_VALUE - 1_000));
        Arbitrary<Integer> leaderEpochs = Arbitraries.integers().between(-1, Integer.MAX_VALUE);
        return Combinators.combine(baseOffsets, leaderEpochs, producers(), Arbitraries.of(true, false), recordLists())
                .as((baseOffset, leaderEpoch, producer, transactional, records) -> new BatchSpec(
                        baseOffset,
                        leaderEpoch,
                        producer.get1(),
                        producer.get2(),
                        producer.get3(),
                        transactional && producer.get1() >= 0,
                        records));
    }

    private static Arbitrary<Tuple3<Long, Short, Integer>> producers() {
        Arbitrary<Tuple3<Long, Short, Integer>> none = Arbitraries.just(Tuple.of(-1L, (short) -1, -1));
        Arbitrary<Tuple3<Long, Short, Integer>> idempotent = Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.shorts().greaterOrEqual((short) 0),
                        Arbitraries.integers().greaterOrEqual(0))
                .as(Tuple::of);
        return Arbitraries.oneOf(none, idempotent);
    }

    private static Arbitrary<List<RecordSpec>> recordLists() {
        return Arbitraries.oneOf(
                records().list().ofMinSize(1).ofMaxSize(5),
                records().list().ofMinSize(60).ofMaxSize(70));
    }

    private static Arbitrary<RecordSpec> records() {
        Arbitrary<Long> timestamps = Arbitraries.oneOf(
                Arbitraries.longs().between(1_700_000_000_000L, 1_700_000_100_000L),
                Arbitraries.longs().between(-1, 1_000),
                Arbitraries.longs().between(-1, Long.MAX_VALUE));
        return Combinators.combine(
                        timestamps, bytes(), bytes(), headers().list().ofMaxSize(3))
                .as(RecordSpec::new);
    }

    private static Arbitrary<RecordHeader> headers() {
        return Combinators.combine(Arbitraries.strings().ofMaxLength(70), bytes())
                .as(RecordHeader::new);
    }

    private static Arbitrary<ByteBuffer> bytes() {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(200)
                .map(ByteBuffer::wrap)
                .injectNull(0.2);
    }
}
