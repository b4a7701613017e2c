package io.brokkr.plugin.assemble;

/** The arguments make no sense; the message says which. */
final class WrongArgumentsException extends Exception {

    private static final long serialVersionUID = 1L;

    WrongArgumentsException(String message) {
        super(message);
    }
}
