package io.brokkr.pluginhost;

/** A plugin cannot be used; the message is a sentence for the operator that says why. */
public class RejectionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With that sentence. */
    public RejectionException(String reason) {
        super(reason);
    }
}
