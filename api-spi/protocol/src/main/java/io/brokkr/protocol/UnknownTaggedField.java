package io.brokkr.protocol;

/**
 * A tagged field (KIP-482) that the definitions do not know, kept as it came.
 *
 * @param tag its number, 0 or more
 * @param content its bytes
 */
public record UnknownTaggedField(int tag, Bytes content) {

    /** Refuses a negative tag. */
    public UnknownTaggedField {
        if (tag < 0) {
            throw new IllegalArgumentException("a tag cannot be " + tag);
        }
    }
}
