package io.brokkr.spi.record;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordContent;
import io.brokkr.spi.record.RefusedRecordsException.RecordError;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A batch on its way to the log, or from there to a consumer, and what has become of it. Used by one thread at a time.
 *
 * <p>Interceptors call {@link #forEach} and nothing else, and not after {@link RecordInterceptor#intercept} has returned. The rest is for the broker, which makes it, and for an
 * author's tests.
 */
public final class InterceptedBatch {

    private final CompressionCodecs codecs;
    private final int maximumSize;
    private final boolean produced;
    /** Of one that is produced. */
    private final List<RecordError> errors = new ArrayList<>();
    /** Of one that is fetched: the places of records that the interceptor at work does not show. */
    private final BitSet withheld = new BitSet();

    private RecordBatch batch;
    private boolean verified;
    private @Nullable InvalidRecordBatchException invalid;
    private int nextIndex;

    private InterceptedBatch(RecordBatch batch, CompressionCodecs codecs, int maximumSize, boolean produced) {
        this.batch = batch;
        this.codecs = codecs;
        this.maximumSize = maximumSize;
        this.produced = produced;
    }

    /**
     * A batch as a producer sent it.
     *
     * @param codecs what opens it and writes it anew if it is compressed
     * @param maximumSize the most bytes that it may have with changed records
     */
    public static InterceptedBatch produced(RecordBatch batch, CompressionCodecs codecs, int maximumSize) {
        return new InterceptedBatch(batch, codecs, maximumSize, true);
    }

    /**
     * A batch as it is stored, for a consumer.
     *
     * @param codecs what opens it and writes it anew if it is compressed
     * @param maximumSize the most bytes that it may have with changed records
     */
    public static InterceptedBatch fetched(RecordBatch batch, CompressionCodecs codecs, int maximumSize) {
        return new InterceptedBatch(batch, codecs, maximumSize, false);
    }

    /**
     * Shows the records in order. Only this opens the batch, and first makes sure that it arrived as it was written.
     *
     * @param judge must give a verdict on each record, which is valid during the call
     * @throws InvalidRecordBatchException if the batch cannot be opened, or becomes too large; it is refused then, whatever the interceptor makes of the exception
     */
    public void forEach(Function<Record, Verdict> judge) {
        try {
            if (!verified) {
                batch.verify();
                if (produced) {
                    batch.validateAsProduced();
                }
                verified = true;
            }
            nextIndex = 0;
            RecordBatch edited = batch.edited(record -> judge(judge, record), codecs, maximumSize);
            batch = withheld.isEmpty() ? edited : shownOf(edited);
        } catch (InvalidRecordBatchException failure) {
            invalid = failure;
            throw failure;
        }
    }

    private @Nullable RecordContent judge(Function<Record, Verdict> judge, Record record) {
        int index = nextIndex++;
        if (errors.size() == RefusedRecordsException.MOST_ERRORS) {
            return null;
        }
        Verdict verdict = judge.apply(record);
        String refusal = verdict.refusal();
        if (refusal != null && !produced) {
            withheld.set(index);
            return null;
        }
        if (refusal != null) {
            errors.add(new RecordError(index, refusal));
        }
        // What is refused already need not be written.
        return errors.isEmpty() ? verdict.replacement() : null;
    }

    private RecordBatch shownOf(RecordBatch edited) {
        int[] next = {0};
        RecordBatch shown = edited.retaining(record -> !withheld.get(next[0]++), OptionalLong.empty(), codecs);
        withheld.clear();
        return shown;
    }

    /** Has an interceptor judge the batch. What it throws is thrown on, unless something is wrong with the batch itself, of which {@link #requireAccepted} tells. */
    public void show(RecordInterceptor interceptor) {
        try {
            interceptor.intercept(this);
        } catch (RuntimeException failure) {
            if (invalid == null) {
                throw failure;
            }
        }
    }

    /**
     * Makes sure that it was opened well, and no record of a producer refused.
     *
     * @param interceptor the name of the one that was asked last
     * @throws InvalidRecordBatchException if it could not be opened or written
     * @throws RefusedRecordsException if a record was refused
     */
    public void requireAccepted(String interceptor) {
        if (invalid != null) {
            throw invalid;
        }
        if (!errors.isEmpty()) {
            throw new RefusedRecordsException(interceptor, errors);
        }
    }

    /** Whether there is nothing to show: a control batch, or one whose records are all gone. */
    public boolean isWithoutRecords() {
        return batch.isControl() || batch.recordCount() == 0;
    }

    /** The batch as the interceptors have made it, the one that came if they changed nothing. */
    public RecordBatch batch() {
        return batch;
    }
}
