package io.brokkr.spi.record;

import io.brokkr.protocol.record.RecordContent;
import io.brokkr.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an interceptor has to say on a record. Immutable. */
public final class Verdict {

    private static final Verdict ACCEPTED = new Verdict(null, null);

    private final @Nullable String refusal;
    private final @Nullable RecordContent replacement;

    private Verdict(@Nullable String refusal, @Nullable RecordContent replacement) {
        this.refusal = refusal;
        this.replacement = replacement;
    }

    /** The record is stored, or shown, as it is. */
    public static Verdict accept() {
        return ACCEPTED;
    }

    /**
     * The record, and with it its batch, is not stored; or, on its way to a consumer, it alone is not shown, as if compaction had taken it out.
     *
     * @param reason for the producer's developer: what is wrong, and where, in one short line
     */
    public static Verdict refuse(String reason) {
        return new Verdict(reason, null);
    }

    /**
     * The record is stored, or shown, with another value or other headers.
     *
     * @param value all of it, also where it is the one that the record has; from position to limit, or null
     * @param headers all of them, in order
     */
    public static Verdict replace(@Nullable ByteBuffer value, List<RecordHeader> headers) {
        return new Verdict(null, new RecordContent(value, headers));
    }

    /** Why the record is refused, null if it is not. */
    public @Nullable String refusal() {
        return refusal;
    }

    /** What the record is to carry instead, null if it stays as it is. */
    public @Nullable RecordContent replacement() {
        return replacement;
    }
}
