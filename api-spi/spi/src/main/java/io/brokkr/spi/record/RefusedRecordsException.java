package io.brokkr.spi.record;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.util.List;

/** Records were refused by an interceptor: {@code INVALID_RECORD}, with the reason for each of them. */
public final class RefusedRecordsException extends ApiException {

    /** The most records that are told of one append, so that no response is much larger than its request. */
    public static final int MOST_ERRORS = 100;

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // nobody serializes it
    private final List<RecordError> errors;

    /**
     * A record that was refused.
     *
     * @param batchIndex its place among the records of the append, from 0 on
     * @param reason in one short line
     */
    public record RecordError(int batchIndex, String reason) {}

    /**
     * Of one append.
     *
     * @param interceptor its name
     * @param errors one or more, in the order of the records
     */
    public RefusedRecordsException(String interceptor, List<RecordError> errors) {
        super(ErrorCode.INVALID_RECORD, message(interceptor, errors));
        this.errors = List.copyOf(errors);
    }

    private static String message(String interceptor, List<RecordError> errors) {
        RecordError first = errors.get(0);
        String others = errors.size() > 1 ? ", and others" : "";
        return interceptor + " refuses record " + first.batchIndex() + others + ": " + first.reason();
    }

    /** The refused records, {@value #MOST_ERRORS} at most. */
    public List<RecordError> errors() {
        return errors;
    }
}
