/** What authors of plugins and storage engines test with. */
module io.brokkr.testkit {
    requires transitive io.brokkr.spi;
    requires transitive io.brokkr.core;
    requires transitive org.junit.jupiter.api;
    requires java.compiler;
    requires net.jqwik.api;
    requires org.assertj.core;
    requires org.jspecify;

    exports io.brokkr.testkit;
    exports io.brokkr.testkit.files;
    exports io.brokkr.testkit.storage;
    exports io.brokkr.testkit.time;
}
