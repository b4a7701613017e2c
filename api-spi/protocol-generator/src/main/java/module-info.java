/** The build tool that turns the published message definitions of Apache Kafka into the sources of {@code io.brokkr.protocol}; never shipped. */
module io.brokkr.protocol.generator {
    requires com.fasterxml.jackson.databind;
    requires com.palantir.javapoet;
    requires java.compiler;
    requires static org.jspecify;

    exports io.brokkr.protocol.generator;
}
