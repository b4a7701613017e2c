package io.brokkr.pluginhost;

import java.time.Duration;

/** A plugin does not get ready. What it does goes on, and is not begun again as long as its file stays the same. */
final class HangingPluginException extends RejectionException {

    private static final long serialVersionUID = 1L;

    HangingPluginException(Duration limit) {
        super("it did not get ready within " + limit.toMillis() + " ms; what hangs in it is left behind");
    }
}
