package io.brokkr.core;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.VersionConflictException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The cluster's id: made by whichever broker is the first to start, and kept in the metadata store. */
final class ClusterId {

    private static final String KEY = "cluster/id";

    private ClusterId() {}

    /** Reads the id, and makes it if there is none. Blocks. */
    static String of(MetadataStore store) {
        MetadataStore.Entry entry = await(store.get(KEY));
        if (entry != null) {
            return StandardCharsets.US_ASCII.decode(entry.value().toBuffer()).toString();
        }
        String id = random();
        Bytes value = Bytes.copyOf(id.getBytes(StandardCharsets.US_ASCII));
        try {
            await(store.commit(List.of(MetadataStore.Change.create(KEY, value))));
            return id;
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof VersionConflictException) {
                return of(store);
            }
            throw failure;
        }
    }

    /** 128 random bits in the form that Kafka's tools print and parse; none begins with a dash, which tools would take for an option. */
    static String random() {
        while (true) {
            UUID uuid = UUID.randomUUID();
            byte[] bits = ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
            String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
            if (!id.startsWith("-")) {
                return id;
            }
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
