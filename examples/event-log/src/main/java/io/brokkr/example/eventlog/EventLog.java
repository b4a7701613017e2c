package io.brokkr.example.eventlog;

import io.brokkr.spi.BrokerEvent;
import io.brokkr.spi.BrokerEventListener;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes events to the end of a file. */
public final class EventLog implements BrokerEventListener {

    private static final Setting<String> FILE = Setting.text(
            "event.log.file", "events.jsonl", "The file that events are written to, one line of JSON each.");

    private Path file = Path.of("");

    /** For {@link java.util.ServiceLoader}. */
    public EventLog() {}

    @Override
    public List<Setting<?>> settings() {
        return List.of(FILE);
    }

    @Override
    public void begin(BrokerServices broker) {
        file = Path.of(broker.configuration().get(FILE));
    }

    @Override
    public void happened(BrokerEvent event) {
        try {
            Files.writeString(file, Json.of(event) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
