/** What authors of plugins and storage engines test with. */
module io.brokkr.testkit {
    requires transitive io.brokkr.spi;
    requires transitive io.brokkr.core;
    requires transitive org.junit.jupiter.api;
    requires net.jqwik.api;
    requires org.assertj.core;
    requires static org.jspecify;

    exports io.brokkr.testkit;
    exports io.brokkr.testkit.storage;
    exports io.brokkr.testkit.time;
}
