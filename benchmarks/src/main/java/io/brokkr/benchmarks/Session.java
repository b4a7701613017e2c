package io.brokkr.benchmarks;

import io.brokkr.compatibility.ApacheKafka;
import io.brokkr.compatibility.BrokerProcess;
import io.brokkr.compatibility.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A contender's broker on an empty folder while it is measured, and the stock tools that load it, each in a process of its own. The tools
 * may be used by several threads; the end kills what still runs and deletes the folder.
 */
final class Session implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final Bench bench;
    private final Contender contender;
    private final ApacheKafka tools;
    private final Path folder;
    private BrokerProcess process;
    private ProcessMeter meter;
    private final AtomicInteger logs = new AtomicInteger();
    private boolean kept;

    private Session(Bench bench, Contender contender, Path folder, BrokerProcess process) throws IOException {
        this.bench = bench;
        this.contender = contender;
        this.tools = bench.tools();
        this.folder = folder;
        this.process = process;
        this.meter = ProcessMeter.ofJvm(process.pid());
    }

    /** Starts the broker and waits until it serves. */
    static Session start(Bench bench, Contender contender) throws IOException, InterruptedException {
        Path folder = bench.freshFolder(contender.program());
        return new Session(bench, contender, folder, bench.serve(contender.program(), folder));
    }

    /** Stops the broker in order, and starts it again on what it has left. */
    void restart() throws IOException, InterruptedException {
        process.stop();
        process = bench.serve(contender.program(), folder);
        meter = ProcessMeter.ofJvm(process.pid());
    }

    /** Writes the segments of a topic to the disk and lets the page cache forget them, which needs no privilege for files of one's own. */
    void forgetSegments(String topic) throws Exception {
        List<Path> segments = segments(topic);
        List<String> sync = new ArrayList<>(List.of("sync"));
        segments.forEach(segment -> sync.add(segment.toString()));
        new Command(sync, LIMIT, newLog()).run();
        for (Path segment : segments) {
            List<String> forget = List.of("dd", "if=" + segment, "iflag=nocache", "count=0", "status=none");
            new Command(forget, LIMIT, newLog()).run();
        }
    }

    /** The segment files of a topic. */
    List<Path> segments(String topic) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            return files.filter(file -> file.toString().endsWith(".log")
                            && file.getParent().getFileName().toString().startsWith(topic + "-"))
                    .toList();
        }
    }

    ProcessMeter meter() {
        return meter;
    }

    String bootstrapServer() {
        return process.bootstrapServer();
    }

    /** All that the broker writes is below. */
    Path folder() {
        return folder;
    }

    /** With the durability that is measured. */
    void createTopic(String topic, int partitions) throws Exception {
        new EagerClient(bootstrapServer()).createTopic(topic, partitions, contender.topicSettings());
    }

    /** Writes and reads so much, in a topic of the broker's own durability, that what follows meets warm code. */
    void warmUp(double gigabytes) throws Exception {
        new EagerClient(bootstrapServer()).createTopic("warm-up", ProduceWorkload.PARTITIONS, Map.of());
        long records = Math.max(1, Math.round(gigabytes * 1e9 / ProduceWorkload.KIBIBYTE));
        produce("warm-up", ProducerLoad.unlimited(records, ProduceWorkload.KIBIBYTE, "acks=all"));
        consume("warm-up", records);
    }

    ProducerReport produce(String topic, ProducerLoad load) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--bootstrap-server", bootstrapServer(), "--topic", topic));
        arguments.addAll(load.arguments());
        return ProducerReport.parse(run("org.apache.kafka.tools.ProducerPerformance", arguments), load.records());
    }

    /** From the topic's beginning. */
    ConsumerReport consume(String topic, long records) throws Exception {
        List<String> arguments = List.of(
                "--bootstrap-server",
                bootstrapServer(),
                "--topic",
                topic,
                "--num-records",
                Long.toString(records),
                "--timeout",
                "60000");
        return ConsumerReport.parse(run("org.apache.kafka.tools.ConsumerPerformance", arguments), records);
    }

    /** One record after the other, each until the consumer has it. */
    EndToEndReport endToEnd(String topic, int records, int recordBytes) throws Exception {
        List<String> arguments = List.of(
                "--bootstrap-server",
                bootstrapServer(),
                "--topic",
                topic,
                "--num-records",
                Integer.toString(records),
                "--producer-acks",
                "all",
                "--record-size",
                Integer.toString(recordBytes));
        return EndToEndReport.parse(run("org.apache.kafka.tools.EndToEndLatency", arguments));
    }

    /** librdkafka's rdkafka_performance writes at the load's rate, each record in a request as soon as it can. */
    LatencyPercentiles latencies(String topic, ProducerLoad load) throws Exception {
        Path latencies = newLog();
        List<String> line = List.of(
                bench.librdkafkaPerformance().toString(),
                "-P",
                "-b",
                bootstrapServer(),
                "-t",
                topic,
                "-s",
                Integer.toString(load.recordBytes()),
                "-c",
                Long.toString(load.records()),
                "-r",
                Long.toString(load.rate()),
                "-a",
                "-1",
                "-l",
                "-A",
                latencies.toString(),
                "-X",
                "linger.ms=0",
                "-q");
        new Command(line, LIMIT, newLog()).run();
        return LatencyPercentiles.read(latencies, load.records(), load.warmUpRecords());
    }

    /** librdkafka reads so many records from the topic's beginning, and keeps none. */
    void consumeByKcat(String topic, long records) throws Exception {
        List<String> line = List.of(
                "kcat",
                "-b",
                bootstrapServer(),
                "-C",
                "-q",
                "-t",
                topic,
                "-o",
                "beginning",
                "-c",
                Long.toString(records),
                "-f",
                "");
        new Command(line, LIMIT, newLog()).run();
    }

    /** Where another process may log. */
    Path newLog() {
        return folder.resolve("tool-" + logs.incrementAndGet() + ".log");
    }

    private String run(String tool, List<String> arguments) throws Exception {
        List<String> line = new ArrayList<>(tools.stockTool(tool));
        line.addAll(arguments);
        return new Command(line, LIMIT, newLog()).run();
    }

    /** Kills the broker and leaves its folder to the caller. */
    Path killAndKeep() throws InterruptedException {
        process.kill();
        kept = true;
        return folder;
    }

    /** Kills the broker, for its data has served. */
    @Override
    public void close() throws IOException {
        try {
            process.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!kept) {
            bench.delete(folder);
        }
    }
}
