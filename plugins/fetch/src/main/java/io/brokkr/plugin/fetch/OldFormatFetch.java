package io.brokkr.plugin.fetch;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.legacy.DownConversion;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.RequestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Turns what a fetch below version 4 has read into message sets: of magic 0 below version 2, of magic 1 in versions 2 and 3. Thread-safe.
 *
 * <p>What was read stays where it is, mostly in files, until it is converted. What is made of it lies on the heap until it is sent, within {@link ConversionMemory}, so a
 * response has less of it than one that is sent from files.
 */
final class OldFormatFetch {

    private static final int FIRST_VERSION_OF_MAGIC_1 = 2;

    /** The partitions of a response share it; a first message may be larger. An old client's fetch asks for 1 MiB of each partition as a rule. */
    private static final int MOST_BYTES = 4 << 20;

    private final DownConversion conversion;
    private final ConversionMemory memory;
    private final Executor blocking;

    OldFormatFetch(CompressionCodecs codecs, ConversionMemory memory, Executor blocking) {
        this.conversion = new DownConversion(codecs);
        this.memory = memory;
        this.blocking = blocking;
    }

    /**
     * Converts all partitions, on a thread for work that takes long. The records that were read are closed in any case.
     *
     * @param maxBytes of the whole response
     */
    CompletionStage<List<PartitionFetch>> convert(RequestContext context, int maxBytes, List<PartitionFetch> read) {
        if (read.stream().allMatch(fetch -> fetch.records().sizeInBytes() == 0)) {
            return CompletableFuture.completedFuture(read);
        }
        byte magic = (byte) (context.apiVersion() < FIRST_VERSION_OF_MAGIC_1 ? 0 : 1);
        // Where the room does not suffice for all, each fetch begins with another partition, so that none comes last
        // for ever.
        int first = Math.floorMod(context.correlationId(), read.size());
        int bytes = Math.max(1, Math.min(maxBytes, MOST_BYTES));
        return memory.take(bytes).thenApplyAsync(taken -> convertWithin(bytes, magic, first, read), blocking);
    }

    /** Of the memory that was taken only that is kept which the messages need; it is given back with them. */
    private List<PartitionFetch> convertWithin(int bytes, byte magic, int first, List<PartitionFetch> read) {
        int used = 0;
        try {
            List<PartitionFetch> converted = convert(magic, first, bytes, read);
            used = converted.stream()
                    .mapToInt(fetch -> fetch.records().sizeInBytes())
                    .sum();
            return converted;
        } finally {
            memory.release(bytes - used);
        }
    }

    private List<PartitionFetch> convert(byte magic, int first, int maxBytes, List<PartitionFetch> read) {
        try {
            List<PartitionFetch> converted = new ArrayList<>(read);
            Collections.rotate(converted, -first);
            int left = maxBytes;
            for (int i = 0; i < converted.size(); i++) {
                PartitionFetch fetch = converted.get(i);
                if (left > 0 && fetch.records().sizeInBytes() > 0) {
                    fetch = convert(magic, left, fetch);
                    left -= fetch.records().sizeInBytes();
                } else {
                    fetch = fetch.with(RecordData.empty());
                }
                converted.set(i, fetch);
            }
            Collections.rotate(converted, first);
            return converted;
        } finally {
            read.forEach(fetch -> fetch.records().close());
        }
    }

    private PartitionFetch convert(byte magic, int maxBytes, PartitionFetch fetch) {
        int limit = Math.min(maxBytes, Math.max(0, fetch.target().maxBytes()));
        try {
            ByteBuffer messages =
                    conversion.convert(fetch.records(), magic, fetch.target().fetchOffset(), limit);
            int size = messages.remaining();
            return fetch.with(RecordBuffers.of(List.of(messages), () -> memory.release(size)));
        } catch (InvalidRecordBatchException invalid) {
            // Of all the reasons, the client can do something about this one alone.
            ErrorCode error = invalid.errorCode() == ErrorCode.UNSUPPORTED_COMPRESSION_TYPE
                    ? ErrorCode.UNSUPPORTED_COMPRESSION_TYPE
                    : ErrorCode.CORRUPT_MESSAGE;
            return failed(fetch, new ApiException(error, String.valueOf(invalid.getMessage()), invalid));
        } catch (IOException unreadable) {
            return failed(
                    fetch, new ApiException(ErrorCode.KAFKA_STORAGE_ERROR, "the records cannot be read", unreadable));
        }
    }

    private static PartitionFetch failed(PartitionFetch fetch, ApiException reason) {
        return PartitionFetch.failed(fetch.target(), fetch.partition(), reason);
    }
}
