/** The Kafka protocol: messages of all versions, error codes, and how they are read and written. */
module io.brokkr.protocol {
    requires static org.jspecify;

    exports io.brokkr.protocol;
    exports io.brokkr.protocol.coordinator;
    exports io.brokkr.protocol.message;
    exports io.brokkr.protocol.metadata;
    exports io.brokkr.protocol.record;
    exports io.brokkr.protocol.record.legacy;
}
