package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * How one item of a request ended.
 *
 * @param message for people, null where there is nothing to say
 */
record Outcome(ErrorCode error, @Nullable String message) {

    /** The item was done. */
    static final Outcome DONE = new Outcome(ErrorCode.NONE, null);

    private static final Logger LOG = System.getLogger(Outcome.class.getName());

    /** What a client is told of a failure; one that nobody foresaw is a bug, and is logged since the client learns nothing of it. */
    static Outcome of(Throwable failure) {
        ApiException foreseen = ApiException.in(failure);
        if (foreseen != null) {
            return new Outcome(foreseen.error(), foreseen.getMessage());
        }
        LOG.log(Level.ERROR, "an item of an administrative request failed", failure);
        return new Outcome(ErrorCode.UNKNOWN_SERVER_ERROR, null);
    }

    /** The outcome of a stage that fails with the failure, or was done if there is none. */
    static Outcome ofNullable(@Nullable Throwable failure) {
        return failure == null ? DONE : of(failure);
    }

    boolean isDone() {
        return error == ErrorCode.NONE;
    }
}
