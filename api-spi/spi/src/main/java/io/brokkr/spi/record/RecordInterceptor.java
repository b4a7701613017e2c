package io.brokkr.spi.record;

/** Has a say in what is appended to the partitions of a topic, or in what consumers read of them. Thread-safe; see the package page for who calls it, and from where. */
@FunctionalInterface
public interface RecordInterceptor {

    /** Judges the records of a batch. One that looks at none of them accepts them all, and costs next to nothing. */
    void intercept(InterceptedBatch batch);

    /**
     * Whether a look at a record takes less than a few microseconds and never blocks, as a look at its headers does, so that an event loop has the time for it. Constant. It makes
     * no difference to what consumers read, which comes from a device.
     */
    default boolean isQuick() {
        return false;
    }
}
