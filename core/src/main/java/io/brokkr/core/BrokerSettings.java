package io.brokkr.core;

import io.brokkr.spi.Setting;
import java.time.Duration;
import java.util.List;

/** What the operator can set about the broker as a whole. */
final class BrokerSettings {

    static final Setting<Integer> BROKER_ID = new NamedSetting<>(
            Setting.integer("broker.id", 1, 0, Integer.MAX_VALUE, "The number of this broker, unique in its cluster."),
            "node.id");

    static final Setting<String> RACK =
            Setting.text("broker.rack", null, "Where this broker stands; clients prefer what is near.");

    static final Setting<List<String>> DATA_FOLDERS = new NamedSetting<>(
            Setting.list(
                    "log.dirs",
                    "data",
                    "The folders for data, with commas between them; made if they do not exist. A broker locks its folders."),
            "log.dir");

    static final Setting<String> METADATA_STORE = Setting.text(
            "metadata.store",
            "embedded",
            "The name of the store that keeps topics, settings and ids; a plugin supplies it.");

    static final Setting<List<String>> API_PROVIDERS = Setting.list(
            "api.providers",
            "",
            "Which plugin serves an API that several plugins have, as in Produce:my-produce,Fetch:my-fetch.");

    static final Setting<Duration> SHUTDOWN_LIMIT = Setting.millis(
            "shutdown.timeout.ms",
            Duration.ofSeconds(10),
            "How long the broker waits at its end for requests that are under way, and for each part to finish.");

    private BrokerSettings() {}

    static List<Setting<?>> all() {
        return List.of(BROKER_ID, RACK, DATA_FOLDERS, METADATA_STORE, API_PROVIDERS, SHUTDOWN_LIMIT);
    }
}
