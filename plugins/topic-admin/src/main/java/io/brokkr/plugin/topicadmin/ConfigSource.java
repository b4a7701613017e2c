package io.brokkr.plugin.topicadmin;

/** Where a setting's value comes from, as DescribeConfigs numbers it. */
enum ConfigSource {
    /** The topic's own. */
    TOPIC(1),
    /** The broker's configuration file or command line. */
    STATIC_BROKER(4),
    /** Nobody gave one. */
    DEFAULT(5);

    private final byte code;

    ConfigSource(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }
}
