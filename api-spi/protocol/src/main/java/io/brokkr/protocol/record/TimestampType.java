package io.brokkr.protocol.record;

/** Who gave the records of a batch their timestamps (KIP-32): bit 3 of its attributes. */
public enum TimestampType {
    /** The producer, each record its own. */
    CREATE_TIME,
    /** The broker when it appended the batch: every record has the batch's maximum timestamp. */
    LOG_APPEND_TIME
}
