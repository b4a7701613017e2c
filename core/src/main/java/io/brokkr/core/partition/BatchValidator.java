package io.brokkr.core.partition;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.protocol.record.RecordStream;
import io.brokkr.protocol.record.TimestampType;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Clock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Refuses batches that a Kafka broker would refuse, and gives them their timestamp where that is the broker's. Thread-safe.
 *
 * <p>Headers and checksum suffice nearly always. Records are looked at where their keys matter (a compacted topic), where each timestamp matters ({@code
 * message.timestamp.before.max.ms} is set), and where the producer left the maximum timestamp out. Those of compressed batches are looked at in the first two cases, if
 * there is a codec for them, and taken as they are otherwise.
 */
final class BatchValidator {

    private final Clock clock;
    private final CompressionCodecs codecs;

    BatchValidator(Clock clock, CompressionCodecs codecs) {
        this.clock = clock;
        this.codecs = codecs;
    }

    /**
     * Checks all batches of an append.
     *
     * @throws ApiException {@code CORRUPT_MESSAGE}, {@code INVALID_RECORD}, {@code MESSAGE_TOO_LARGE}, {@code
     *     UNSUPPORTED_FOR_MESSAGE_FORMAT}, {@code UNSUPPORTED_COMPRESSION_TYPE}, {@code INVALID_TIMESTAMP}, {@code INVALID_TXN_STATE}
     */
    ValidBatches validate(ByteBuffer bytes, AppendRules rules) {
        try {
            Iterator<RecordBatch> batches = RecordBatches.complete(bytes).iterator();
            if (!batches.hasNext()) {
                throw new ApiException(ErrorCode.INVALID_RECORD, "there is no record batch to append");
            }
            RecordBatch first = batches.next();
            return batches.hasNext() ? validateSeveral(first, batches, rules) : validateOne(first, rules);
        } catch (InvalidRecordBatchException invalid) {
            throw refusal(invalid);
        }
    }

    static ApiException refusal(InvalidRecordBatchException invalid) {
        return new ApiException(invalid.errorCode(), String.valueOf(invalid.getMessage()), invalid);
    }

    private ValidBatches validateOne(RecordBatch batch, AppendRules rules) {
        long now = clock.millis();
        check(batch, rules, now);
        return new ValidBatches(
                List.of(batch), batch.recordCount(), batch.sizeInBytes(), stamp(batch, rules.timestampType(), now));
    }

    private ValidBatches validateSeveral(RecordBatch first, Iterator<RecordBatch> others, AppendRules rules) {
        List<RecordBatch> batches = new ArrayList<>();
        batches.add(first);
        others.forEachRemaining(batches::add);
        long now = clock.millis();
        int records = 0;
        int sizeInBytes = 0;
        for (RecordBatch batch : batches) {
            check(batch, rules, now);
            // Kafka takes one batch a partition from a producer; several come from coordinators, which are not
            // idempotent.
            if (batch.hasProducerId()) {
                throw new ApiException(
                        ErrorCode.INVALID_RECORD, "an idempotent producer's batch must be the only one of its append");
            }
            records += batch.recordCount();
            sizeInBytes += batch.sizeInBytes();
        }
        long appendTime = RecordBatch.NO_TIMESTAMP;
        for (RecordBatch batch : batches) {
            appendTime = stamp(batch, rules.timestampType(), now);
        }
        return new ValidBatches(batches, records, sizeInBytes, appendTime);
    }

    /** What is said of a batch as it arrives, before anybody opens it. */
    static void checkHeader(RecordBatch batch, AppendRules rules) {
        if (batch.sizeInBytes() > rules.maxBatchBytes()) {
            throw new ApiException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "the record batch has " + batch.sizeInBytes() + " bytes, and max.message.bytes is "
                            + rules.maxBatchBytes());
        }
        batch.verify();
        batch.validateAsProduced();
    }

    private void check(RecordBatch batch, AppendRules rules, long now) {
        checkHeader(batch, rules);
        if (batch.isTransactional()) {
            throw new ApiException(ErrorCode.INVALID_TXN_STATE, "this broker does not serve transactions");
        }
        Timestamps timestamps = new Timestamps(rules, now);
        timestamps.check(batch.maxTimestamp());
        timestamps.check(batch.baseTimestamp());
        if (batch.compression() == Compression.NONE) {
            if (rules.askForEachRecord() || lacksMaxTimestamp(batch)) {
                check(batch.records().iterator(), rules, timestamps);
            }
        } else if (rules.askForEachRecord() && codecs.opens(batch.compression())) {
            try (RecordStream records = RecordStream.open(batch, codecs)) {
                check(records, rules, timestamps);
            }
        }
        if (lacksMaxTimestamp(batch)) {
            // Searches by time and retention go by the batch's maximum, so it is set right, as Kafka does.
            batch.setMaxTimestamp(TimestampType.CREATE_TIME, timestamps.highest);
        }
    }

    private static void check(Iterator<Record> records, AppendRules rules, Timestamps timestamps) {
        while (records.hasNext()) {
            Record record = records.next();
            timestamps.check(record.timestamp());
            if (rules.compacted() && !record.hasKey()) {
                throw new ApiException(
                        ErrorCode.INVALID_RECORD, "a record without a key cannot be kept in a compacted topic");
            }
        }
    }

    private static boolean lacksMaxTimestamp(RecordBatch batch) {
        return batch.maxTimestamp() < batch.baseTimestamp();
    }

    private static long stamp(RecordBatch batch, TimestampType type, long now) {
        if (type == TimestampType.CREATE_TIME) {
            return RecordBatch.NO_TIMESTAMP;
        }
        batch.setMaxTimestamp(type, now);
        return now;
    }

    /** Holds timestamps against their limits, and remembers the highest. */
    private static final class Timestamps {

        private final long lowestAllowed;
        private final long highestAllowed;
        private long highest = RecordBatch.NO_TIMESTAMP;

        Timestamps(AppendRules rules, long now) {
            boolean theirs = rules.timestampType() == TimestampType.CREATE_TIME;
            lowestAllowed = theirs ? now - rules.maxMillisBefore() : Long.MIN_VALUE;
            highestAllowed = theirs && rules.maxMillisAfter() <= Long.MAX_VALUE - now
                    ? now + rules.maxMillisAfter()
                    : Long.MAX_VALUE;
        }

        void check(long timestamp) {
            if (timestamp == RecordBatch.NO_TIMESTAMP) {
                return;
            }
            if (timestamp < lowestAllowed || timestamp > highestAllowed) {
                throw new ApiException(
                        ErrorCode.INVALID_TIMESTAMP,
                        "the timestamp " + timestamp + " is not from " + lowestAllowed + " to " + highestAllowed
                                + ", as message.timestamp.before.max.ms and message.timestamp.after.max.ms ask");
            }
            highest = Math.max(highest, timestamp);
        }
    }
}
