package io.brokkr.core.configuration;

import java.util.List;

/** The configuration cannot be used; the message has one line for each mistake, written for the operator. */
public final class InvalidConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** One mistake. */
    public InvalidConfigurationException(String mistake) {
        super(mistake);
    }

    /** One mistake or more. */
    InvalidConfigurationException(List<String> mistakes) {
        super(String.join("\n", mistakes));
    }
}
