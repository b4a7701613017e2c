/**
 * A broker inside of a test, for who tests programs that use Kafka.
 *
 * <p>It is made of all plugins that are on the class path or the module path.
 */
module io.brokkr.junit {
    requires io.brokkr.core;
    requires transitive io.brokkr.plugin.faultinjector;
    requires static org.jspecify;
    requires static transitive org.junit.jupiter.api;

    exports io.brokkr.junit;
}
