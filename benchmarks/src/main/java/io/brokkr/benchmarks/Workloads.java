package io.brokkr.benchmarks;

import static io.brokkr.benchmarks.ProduceWorkload.KIBIBYTE;
import static io.brokkr.benchmarks.ProduceWorkload.PARTITIONS;

import io.brokkr.benchmarks.ProduceWorkload.Phase;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * All workloads, in the order in which they are measured.
 *
 * @param bench where the brokers run
 * @param options how much
 */
record Workloads(Bench bench, Options options) {
    private static final int HUNDRED = 100;
    private static final int MANY_PARTITIONS = 1000;
    private static final int MANY_BATCH_RECORDS = 20;

    /** Values of 100 bytes are a fifth of the gigabytes of larger ones, for a gigabyte of them costs several times as much. */
    private static final int SMALL_SHARE = 5;

    List<Workload> all() throws IOException {
        return List.of(
                new StartMeasure(bench, options),
                new IdleMeasure(bench, options.idleSeconds()),
                new ThroughputMeasure(bench, options),
                kibibytes(),
                hundredBytes(),
                compressed(),
                singles(),
                manyPartitions(),
                new CatchUpWorkload(bench, options),
                new ColdReaderWorkload(bench, options),
                TailWorkload.ofOne(bench, options),
                TailWorkload.ofFive(bench, options),
                new LatencyWorkload(bench, options),
                new GroupWorkload(bench, options),
                new ConnectionsWorkload(bench, options),
                new PartitionsWorkload(bench, options),
                new RestartWorkload(bench, options),
                new IdlePartitionsWorkload(bench, options));
    }

    private Workload kibibytes() {
        long records = records(options.gigabytes(), KIBIBYTE);
        return new ProduceWorkload(
                "produce-1k",
                "ProducerPerformance with its defaults, records of 1 KiB in 6 partitions.",
                bench,
                options,
                PARTITIONS,
                List.of(
                        Phase.alone("acks=1", ProducerLoad.unlimited(records, KIBIBYTE, "acks=1")),
                        Phase.alone("acks=all", ProducerLoad.unlimited(records, KIBIBYTE, "acks=all"))),
                options.gigabytes(),
                Map.of(
                        "acks=all: broker CPU s per GB, page cache",
                        Goal.ratioAtMost(0.5),
                        "acks=all: MB/s, synced",
                        Goal.ratioAtLeast(5),
                        "acks=all: MB/s synced, as a share of Brokkr's own in the page cache",
                        Goal.atLeast(0.8)));
    }

    private Workload hundredBytes() {
        long records = records(options.gigabytes() / SMALL_SHARE, HUNDRED);
        return new ProduceWorkload(
                "produce-100b",
                "ProducerPerformance with its defaults, records of 100 bytes in 6 partitions.",
                bench,
                options,
                PARTITIONS,
                List.of(
                        Phase.alone("acks=1", ProducerLoad.unlimited(records, HUNDRED, "acks=1")),
                        Phase.alone("acks=all", ProducerLoad.unlimited(records, HUNDRED, "acks=all"))),
                0,
                Map.of());
    }

    private Workload compressed() throws IOException {
        ProducerLoad load = ProducerLoad.unlimited(
                        records(options.gigabytes(), KIBIBYTE), KIBIBYTE, "acks=all", "compression.type=lz4")
                .withPayload(Payload.write(bench.folder().resolve("payload"), KIBIBYTE));
        return new ProduceWorkload(
                "produce-lz4",
                "ProducerPerformance with compression.type=lz4 and lines of text of 1 KiB, else its defaults; GB are those before compression.",
                bench,
                options,
                PARTITIONS,
                List.of(Phase.alone("lz4, acks=all", load)),
                0,
                Map.of());
    }

    private Workload singles() {
        ProducerLoad load =
                ProducerLoad.unlimited(options.records(), HUNDRED, "acks=all", "batch.size=1", "linger.ms=0");
        return new ProduceWorkload(
                "produce-single",
                "ProducerPerformance with acks=all, batch.size=1 and linger.ms=0: each batch holds one record of 100 bytes.",
                bench,
                options,
                PARTITIONS,
                List.of(Phase.alone("single-record batches", load)),
                0,
                Map.of("single-record batches: broker CPU s per million records, page cache", Goal.ratioAtMost(0.5)));
    }

    /** The first records are apart, for they make files: that cost is one of the partitions, and not of the load. */
    private Workload manyPartitions() {
        String topic = "many";
        ProducerLoad first = onManyPartitions(MANY_PARTITIONS * MANY_BATCH_RECORDS);
        ProducerLoad load = onManyPartitions(records(options.gigabytes(), KIBIBYTE));
        return new ProduceWorkload(
                "partitions-1000",
                "ProducerPerformance with acks=all and the round-robin partitioner: 1,000 partitions at once in batches of 20 records of 1 KiB.",
                bench,
                options,
                MANY_PARTITIONS,
                List.of(
                        new Phase(topic, "first batch of each of 1,000 partitions", first, true),
                        new Phase(topic, "1,000 partitions", load, false)),
                0,
                Map.of("1,000 partitions: MB/s, synced", Goal.ratioAtLeast(20)));
    }

    /** The round robin fills the batches of all partitions at the same time; 70 bytes are more than a record's overhead. */
    private static ProducerLoad onManyPartitions(long records) {
        return ProducerLoad.unlimited(
                records,
                KIBIBYTE,
                "acks=all",
                "batch.size=" + MANY_BATCH_RECORDS * (KIBIBYTE + 70),
                "linger.ms=1000",
                "buffer.memory=67108864",
                "partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner");
    }

    /** At least one. */
    static long records(double gigabytes, int recordBytes) {
        return Math.max(1, Math.round(gigabytes * 1e9 / recordBytes));
    }
}
