package io.brokkr.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Apache Kafka as one KRaft node, broker and controller in one process, with its default settings but for those given, and the JVM flags of its own
 * start script.
 *
 * @param jars the folder with the jars that {@code clients/kafka-tools/pom.xml} names
 * @param logging the log4j2 configuration beside that file
 * @param settings come last in the file, and so before all others; in their values {@value #FOLDER} is the working folder
 */
public record ApacheKafka(Path jars, Path logging, Map<String, String> settings) implements BrokerProgram {
    /** The working folder, in the value of a setting. */
    static final String FOLDER = "{folder}";

    /** kafka-server-start.sh and kafka-run-class.sh of 4.3 give the broker these. */
    private static final List<String> STOCK_FLAGS = List.of(
            "-Xmx1G",
            "-Xms1G",
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-XX:MaxInlineLevel=15",
            "-Djava.awt.headless=true",
            "-Dcom.sun.management.jmxremote=true",
            "-Dcom.sun.management.jmxremote.authenticate=false",
            "-Dcom.sun.management.jmxremote.ssl=false");

    private static final String CLUSTER_ID = "QnJva2tyIGJlc2lkZSBpdA";

    /** Copies the settings. */
    public ApacheKafka {
        settings = Map.copyOf(settings);
    }

    /** With its defaults. */
    public ApacheKafka(Path jars, Path logging) {
        this(jars, logging, Map.of());
    }

    @Override
    public String name() {
        return "Apache Kafka";
    }

    /** It takes connections while it still loads its logs, and clients without retries would see that. */
    @Override
    public String readyWords() {
        return "Kafka Server started";
    }

    /** Since 4.0 it takes a segment size below 1 MiB under the name alone that its own tests use. */
    @Override
    public Map<String, String> topicSettings(Map<String, String> topicSettings) {
        Map<String, String> renamed = new HashMap<>(topicSettings);
        String size = renamed.remove("segment.bytes");
        if (size != null) {
            renamed.put("internal.segment.bytes", size);
        }
        return renamed;
    }

    @Override
    public void prepare(Path workingFolder) throws IOException, InterruptedException {
        Path configuration = configuration(workingFolder, 0);
        List<String> format = new ArrayList<>(tool("kafka.tools.StorageTool"));
        format.addAll(List.of("format", "-t", CLUSTER_ID, "-c", configuration.toString()));
        new Command(format, Duration.ofMinutes(1), workingFolder.resolve("format.log")).run();
    }

    @Override
    public List<String> command(Path workingFolder, int port) throws IOException {
        List<String> line = new ArrayList<>(List.of(BrokerProcess.java()));
        line.addAll(STOCK_FLAGS);
        line.addAll(List.of(
                "-Xlog:gc*:file=" + workingFolder.resolve("gc.log"),
                "-Dlog4j2.configurationFile=" + logging,
                "-Droot.level=INFO",
                "-cp",
                jars + "/*",
                "kafka.Kafka",
                configuration(workingFolder, port).toString()));
        return line;
    }

    /** The start of a command line for one of Kafka's tools: a short-lived JVM, so it is spared the optimising compiler. */
    List<String> tool(String mainClass) {
        return List.of(
                BrokerProcess.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Dlog4j2.configurationFile=" + logging,
                "-cp",
                jars + "/*",
                mainClass);
    }

    /** The command line of one of Kafka's tools with the JVM flags of its own script; for measurements. */
    public List<String> stockTool(String mainClass) {
        return List.of(
                BrokerProcess.java(),
                "-Xmx512M",
                "-Dlog4j2.configurationFile=" + logging,
                "-cp",
                jars + "/*",
                mainClass);
    }

    /** Written before each start, because the controller's port is a new one. The replication factors are Kafka's for a single node. */
    private Path configuration(Path workingFolder, int port) throws IOException {
        int controllerPort = BrokerProcess.freePort();
        String text = String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "controller.listener.names=CONTROLLER",
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "log.dirs=" + workingFolder.resolve("data"),
                "");
        String own = settings.entrySet().stream()
                .map(setting ->
                        setting.getKey() + "=" + setting.getValue().replace(FOLDER, workingFolder.toString()) + "\n")
                .collect(Collectors.joining());
        return Files.writeString(workingFolder.resolve("server.properties"), text + own);
    }
}
