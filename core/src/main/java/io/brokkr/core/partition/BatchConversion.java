package io.brokkr.core.partition;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.protocol.record.legacy.UpConversion;
import io.brokkr.spi.ApiException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is stored of what arrives, where that is not the same: message sets of magic 0 and 1 become record batches, and batches get the compression that the topic
 * asks for. Thread-safe.
 */
final class BatchConversion {

    private final CompressionCodecs codecs;
    private final UpConversion upConversion;

    BatchConversion(CompressionCodecs codecs) {
        this.codecs = codecs;
        this.upConversion = new UpConversion(codecs);
    }

    /**
     * Whether an append has to wait for work that an event loop has no time for: conversion, or opening what is compressed.
     *
     * @param looksInside whether the records are looked at
     */
    boolean isDue(ByteBuffer batches, AppendRules rules, boolean looksInside) {
        if (isMessageSet(batches)) {
            return true;
        }
        if (rules.compression() == null && !looksInside) {
            return false;
        }
        return batches.remaining() >= RecordBatch.HEADER_SIZE && opensAny(batches, rules.compression(), looksInside);
    }

    /** What is too short for a magic is for the validator to refuse. */
    private static boolean isMessageSet(ByteBuffer bytes) {
        if (bytes.remaining() <= RecordBatch.MAGIC_POSITION) {
            return false;
        }
        byte magic = bytes.get(bytes.position() + RecordBatch.MAGIC_POSITION);
        return magic == 0 || magic == 1;
    }

    private static boolean opensAny(ByteBuffer batches, @Nullable Compression wanted, boolean looksInside) {
        try {
            for (RecordBatch batch : RecordBatches.complete(batches)) {
                if (batch.compression() != (wanted == null ? Compression.NONE : wanted)) {
                    return true;
                }
            }
        } catch (InvalidRecordBatchException forTheValidatorToRefuse) {
            return false;
        }
        return looksInside && wanted != null && wanted != Compression.NONE;
    }

    /**
     * The batches to store.
     *
     * @param interception gets batches of magic 2, before they are compressed anew
     * @return the same if there is nothing to convert, else on the heap
     * @throws ApiException as {@link BatchValidator#validate}, and {@code UNSUPPORTED_COMPRESSION_TYPE} if there is no codec
     */
    ByteBuffer convert(ByteBuffer batches, AppendRules rules, AppendInterception interception) {
        try {
            if (isMessageSet(batches)) {
                return interception.apply(
                        upConversion.convert(batches, rules.compression(), rules.maxBatchBytes()), rules);
            }
            ByteBuffer passed = interception.apply(batches, rules);
            Compression wanted = rules.compression();
            return wanted == null ? passed : recompressed(passed, wanted, rules);
        } catch (InvalidRecordBatchException invalid) {
            throw BatchValidator.refusal(invalid);
        }
    }

    private ByteBuffer recompressed(ByteBuffer batches, Compression wanted, AppendRules rules) {
        List<RecordBatch> all = new ArrayList<>();
        boolean changed = false;
        for (RecordBatch batch : RecordBatches.complete(batches)) {
            // Afterwards length and checksum are new, and nobody could tell any more.
            BatchValidator.checkHeader(batch, rules);
            boolean other = batch.compression() != wanted;
            RecordBatch stored = other ? batch.recompressed(wanted, codecs, rules.maxBatchBytes()) : batch;
            changed |= other;
            all.add(stored);
        }
        return changed ? together(all) : batches;
    }

    /** The batches one behind the other, one or more. */
    static ByteBuffer together(List<RecordBatch> all) {
        if (all.size() == 1) {
            return all.get(0).buffer();
        }
        int sizeInBytes = all.stream().mapToInt(RecordBatch::sizeInBytes).reduce(0, Math::addExact);
        ByteBuffer together = ByteBuffer.allocate(sizeInBytes);
        all.forEach(batch -> together.put(batch.buffer()));
        return together.flip();
    }
}
