package io.brokkr.protocol;

/** Bytes are not what they should be: a length beyond the end, a null where none may be, a number out of its range. */
public final class InvalidMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says what is wrong with the bytes. */
    public InvalidMessageException(String message) {
        super(message);
    }
}
