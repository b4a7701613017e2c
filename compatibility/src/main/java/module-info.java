/** Real clients of other projects against a running broker, judged by what the clients see. Not shipped. */
module io.brokkr.compatibility {
    requires com.fasterxml.jackson.annotation;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires kafka.clients;
    requires static org.jspecify;

    // For the benchmarks, which start the same brokers.
    exports io.brokkr.compatibility;
    // Read and written as JSON.
    opens io.brokkr.compatibility.matrix to
            com.fasterxml.jackson.databind;
}
