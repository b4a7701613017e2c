package io.brokkr.plugin.compression;

import io.brokkr.protocol.record.CompressionCodec;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Codecs, and data of all kinds and sizes. */
final class CompressionDomain extends DomainContextBase {

    private static final String[] WORDS = {
        "{\"order\":", "\"customer\"", ",\"amount\":", "\"Berlin\"}\n", "2026-11-22T10:15"
    };

    /** Bytes, shown by their size. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record Data(byte[] bytes, String kind) {
        @Override
        public String toString() {
            return bytes.length + " bytes of " + kind;
        }
    }

    /** How much to read or write at a time. */
    record Pieces(long seed, int largest) {
        Random random() {
            return new Random(seed);
        }
    }

    @Provide
    Arbitrary<CompressionCodec> codecs() {
        return Arbitraries.of(Codecs.ALL);
    }

    @Provide
    Arbitrary<Data> data() {
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(0, 300)),
                Tuple.of(2, Arbitraries.integers().between(32_760, 32_780)),
                Tuple.of(2, Arbitraries.integers().between(65_530, 65_550)),
                Tuple.of(2, Arbitraries.integers().between(0, 400_000)));
        return Combinators.combine(Arbitraries.of("text", "random", "zeros", "runs"), sizes, Arbitraries.longs())
                .as(CompressionDomain::data);
    }

    @Provide
    Arbitrary<Pieces> pieces() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.of(1, 7, 100, 5_000, 70_000))
                .as(Pieces::new);
    }

    static Data data(String kind, int size, long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        switch (kind) {
            case "random" -> random.nextBytes(bytes);
            case "text" -> text(bytes, random);
            case "runs" -> runs(bytes, random);
            default -> {
                // Zeros already.
            }
        }
        return new Data(bytes, kind);
    }

    private static void text(byte[] bytes, Random random) {
        for (int at = 0; at < bytes.length; ) {
            byte[] word =
                    (WORDS[random.nextInt(WORDS.length)] + random.nextInt(10_000)).getBytes(StandardCharsets.US_ASCII);
            int count = Math.min(word.length, bytes.length - at);
            System.arraycopy(word, 0, bytes, at, count);
            at += count;
        }
    }

    /** Random stretches, and repetitions of what stands at any distance before. */
    private static void runs(byte[] bytes, Random random) {
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(1 + random.nextInt(random.nextBoolean() ? 10 : 1_000), bytes.length - at);
            if (at == 0 || random.nextInt(3) == 0) {
                for (int i = 0; i < count; i++) {
                    bytes[at + i] = (byte) random.nextInt();
                }
            } else {
                int distance = 1 + random.nextInt(random.nextBoolean() ? Math.min(at, 70) : at);
                for (int i = 0; i < count; i++) {
                    bytes[at + i] = bytes[at + i - distance];
                }
            }
            at += count;
        }
    }
}
