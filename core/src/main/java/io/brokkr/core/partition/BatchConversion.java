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

    /** Whether an append has to wait for work that an event loop has no time for: conversion, or opening what is compressed. */
    boolean isDue(ByteBuffer batches, AppendRules rules) {
        if (isMessageSet(batches)) {
            return true;
        }
        if (rules.compression() == null && !rules.askForEachRecord()) {
            return false;
        }
        return batches.remaining() >= RecordBatch.HEADER_SIZE && opensAny(batches, rules);
    }

    /** What is too short for a magic is for the validator to refuse. */
    private static boolean isMessageSet(ByteBuffer bytes) {
        if (bytes.remaining() <= RecordBatch.MAGIC_POSITION) {
            return false;
        }
        byte magic = bytes.get(bytes.position() + RecordBatch.MAGIC_POSITION);
        return magic == 0 || magic == 1;
    }

    private static boolean opensAny(ByteBuffer batches, AppendRules rules) {
        Compression wanted = rules.compression();
        try {
            for (RecordBatch batch : RecordBatches.complete(batches)) {
                if (batch.compression() != (wanted == null ? Compression.NONE : wanted)) {
                    return true;
                }
            }
        } catch (InvalidRecordBatchException forTheValidatorToRefuse) {
            return false;
        }
        return rules.askForEachRecord() && wanted != null && wanted != Compression.NONE;
    }

    /**
     * The batches to store.
     *
     * @return the same if there is nothing to convert, else on the heap
     * @throws ApiException as {@link BatchValidator#validate}, and {@code UNSUPPORTED_COMPRESSION_TYPE} if there is no codec
     */
    ByteBuffer convert(ByteBuffer batches, AppendRules rules) {
        try {
            if (isMessageSet(batches)) {
                return upConversion.convert(batches, rules.compression(), rules.maxBatchBytes());
            }
            Compression wanted = rules.compression();
            return wanted == null ? batches : recompressed(batches, wanted, rules);
        } catch (InvalidRecordBatchException invalid) {
            throw BatchValidator.refusal(invalid);
        }
    }

    private ByteBuffer recompressed(ByteBuffer batches, Compression wanted, AppendRules rules) {
        List<ByteBuffer> all = new ArrayList<>();
        boolean changed = false;
        int sizeInBytes = 0;
        for (RecordBatch batch : RecordBatches.complete(batches)) {
            // Afterwards length and checksum are new, and nobody could tell any more.
            BatchValidator.checkHeader(batch, rules);
            boolean other = batch.compression() != wanted;
            RecordBatch stored = other ? batch.recompressed(wanted, codecs, rules.maxBatchBytes()) : batch;
            changed |= other;
            sizeInBytes = Math.addExact(sizeInBytes, stored.sizeInBytes());
            all.add(stored.buffer());
        }
        if (!changed || all.size() == 1) {
            return changed ? all.get(0) : batches;
        }
        ByteBuffer together = ByteBuffer.allocate(sizeInBytes);
        all.forEach(together::put);
        return together.flip();
    }
}
