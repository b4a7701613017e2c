/** The command line of Brokkr. */
module io.brokkr.distribution {
    requires io.brokkr.core;
    requires static org.jspecify;
}
