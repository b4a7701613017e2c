/** Real clients of other projects against a running broker, judged by what the clients see. Not shipped. */
module io.brokkr.compatibility {
    requires kafka.clients;
    requires static org.jspecify;

    // For the benchmarks, which start the same brokers.
    exports io.brokkr.compatibility;
}
