package io.brokkr.plugin.fetch;

import io.brokkr.spi.Setting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Bounds the messages that were made for old clients and are not sent yet, over all connections: who finds no room waits, and the first who came is the first who gets it.
 * Thread-safe.
 *
 * <p>Whoever is alone gets what they ask for, so that a fetch that is larger than the bound is served all the same.
 */
final class ConversionMemory {

    static final Setting<Integer> BYTES = Setting.integer(
            "fetch.conversion.memory.bytes",
            64 << 20,
            1 << 10,
            Integer.MAX_VALUE,
            "The most memory for messages that were converted for clients before Kafka 0.11 and are not sent yet, in bytes,"
                    + " over all connections. Fetches of such clients that find no room wait.");

    private final long limitBytes;
    private final Queue<Waiting> line = new ArrayDeque<>();
    private long takenBytes;

    private record Waiting(int bytes, CompletableFuture<Void> granted) {}

    ConversionMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Complete when there is room, which is taken then; on the thread of whoever gives back. */
    CompletionStage<Void> take(int bytes) {
        CompletableFuture<Void> granted = new CompletableFuture<>();
        synchronized (this) {
            if (!line.isEmpty() || !fits(bytes)) {
                line.add(new Waiting(bytes, granted));
                return granted;
            }
            takenBytes += bytes;
        }
        granted.complete(null);
        return granted;
    }

    private boolean fits(int bytes) {
        return takenBytes == 0 || takenBytes + bytes <= limitBytes;
    }

    /** Gives back what was taken, or a part of it. */
    void release(int bytes) {
        List<Waiting> next = new ArrayList<>();
        synchronized (this) {
            takenBytes -= bytes;
            for (Waiting first = line.peek(); first != null && fits(first.bytes()); first = line.peek()) {
                takenBytes += first.bytes();
                next.add(line.remove());
            }
        }
        next.forEach(waiting -> waiting.granted().complete(null));
    }

    synchronized long takenBytes() {
        return takenBytes;
    }
}
