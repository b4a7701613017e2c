package io.brokkr.plugin.groups;

import java.util.function.Consumer;

/** Makes deadlines whose expiry is a decision of the shard that they belong to. */
@FunctionalInterface
interface Timers {

    /** A deadline that is not set. */
    Deadline deadline(Consumer<Decision> onExpiry);
}
