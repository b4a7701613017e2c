package io.brokkr.benchmarks;

/** What an acknowledgement of a record stands for while a broker is measured. */
enum Durability {
    /** As each broker comes: Apache Kafka's page cache beside Brokkr's sync. */
    AS_SHIPPED(""),
    /** The operating system has it. */
    WRITTEN(", page cache"),
    /** The disk has it. */
    SYNCED(", synced");

    private final String suffix;

    Durability(String suffix) {
        this.suffix = suffix;
    }

    /** What follows the name of a row in a table. */
    String suffix() {
        return suffix;
    }
}
