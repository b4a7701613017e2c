package io.brokkr.benchmarks;

import java.io.IOException;
import java.util.List;

/** One kind of load, measured on each contender in turn. Used by one thread. */
interface Workload extends AutoCloseable {
    List<Durability> BOTH = List.of(Durability.WRITTEN, Durability.SYNCED);

    /** What {@code --measures} calls it. */
    String name();

    /** One or two sentences above its table: who makes which load. */
    String description();

    /** In which durabilities it is measured. */
    List<Durability> durabilities();

    /** Whether this broker is measured at all. */
    default boolean takes(Contender contender) {
        return true;
    }

    /** Takes the figures of one round. Whatever it starts and writes is gone when it returns, but for what {@link #close} removes. */
    void measure(Contender contender, Figures figures) throws Exception;

    /** Adds what follows from the figures of all rounds. */
    default void conclude(Figures figures) {}

    /** Deletes what was kept from round to round. */
    @Override
    default void close() throws IOException {}
}
