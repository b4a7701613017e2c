package io.brokkr.compatibility;

import java.nio.file.Path;
import java.util.List;

/** The clients of the matrix. */
final class Clients {
    private static final String[] PYTHON_FIRST = {"produce-and-consume", "compressed", "group", "idle-then-record"};
    private static final String[] JAVA_FIRST = {
        "produce-and-consume",
        "compressed",
        "idle-then-record",
        "group",
        "group-eager",
        "group-cooperative",
        "group-static",
        "admin-topics",
        "admin-configs",
        "admin-records",
        "admin-groups"
    };
    private static final String[] RESTARTED = {"data-kept", "group-resumes"};

    private final Path module;

    Clients(Path module) {
        this.module = module;
    }

    List<Client> all(KafkaTools tools) {
        return List.of(
                Kcat.client(),
                python("python3-kafka", "default"),
                python("python3-kafka-api-1.0", "1.0"),
                java("4.4.0"),
                java("3.9.2"),
                tools.client());
    }

    /** Debian's interpreter by its full name: another one on the path does not see Debian's modules. */
    private Client python(String name, String apiVersion) {
        String program = module.resolve("clients/python3-kafka/client.py").toString();
        return new ProgramClient(List.of("/usr/bin/python3", program, apiVersion))
                .with(Stage.FIRST, PYTHON_FIRST)
                .with(Stage.RESTARTED, RESTARTED)
                .named(name);
    }

    private Client java(String version) {
        return new ProgramClient(kafkaClients(version))
                .with(Stage.FIRST, JAVA_FIRST)
                .with(Stage.RESTARTED, RESTARTED)
                .named("kafka-clients-" + version);
    }

    /** The program in {@link io.brokkr.compatibility.kafkaclients} on one release's class path. */
    List<String> kafkaClients(String version) {
        return List.of(
                BrokerProcess.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                module.resolve("target/classes") + ":" + module.resolve("target/clients/" + version) + "/*",
                "io.brokkr.compatibility.kafkaclients.KafkaClientsProgram");
    }
}
