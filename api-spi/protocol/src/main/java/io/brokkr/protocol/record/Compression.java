package io.brokkr.protocol.record;

import io.brokkr.protocol.ErrorCode;
import java.util.Locale;

/** How the records of a batch are compressed: bits 0 to 2 of its attributes, which are the ordinals here. */
public enum Compression {
    /** Not at all. */
    NONE,
    /** The gzip file format, RFC 1952. */
    GZIP,
    /** Snappy in the framing of the xerial snappy-java library. */
    SNAPPY,
    /** The LZ4 frame format. */
    LZ4,
    /** Zstandard (KIP-110), from Produce version 7 and Fetch version 10 on. */
    ZSTD;

    private static final Compression[] BY_CODE = values();

    /**
     * The compression that a number in the attributes stands for.
     *
     * @throws InvalidRecordBatchException {@code UNSUPPORTED_COMPRESSION_TYPE} if it stands for none
     */
    public static Compression of(int code) {
        if (code >= BY_CODE.length) {
            throw new InvalidRecordBatchException(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "there is no compression type " + code);
        }
        return BY_CODE[code];
    }

    /** The name that people and settings use, such as {@code gzip}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The number in the attributes. */
    @SuppressWarnings("EnumOrdinal") // the order of the constants is that of the numbers, as said above
    public int code() {
        return ordinal();
    }
}
