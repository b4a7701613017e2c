package io.brokkr.compatibility;

/** A client did not get what it was promised; the message is the client's own error, or what it saw instead. */
public final class CheckFailedException extends RuntimeException {
    /** With the client's own words. */
    public CheckFailedException(String message) {
        super(message);
    }

    /** Fails with this message unless the condition holds. */
    public static void unless(boolean condition, String message) {
        if (!condition) {
            throw new CheckFailedException(message);
        }
    }
}
