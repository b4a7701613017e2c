package io.brokkr.spi;

/** Values of settings, checked when they were read. Immutable. */
public interface Configuration {

    /** The value in force: the one given, else the default. */
    <T> T get(Setting<T> setting);

    /** Whether a value was given, so that it is not the default that is in force. */
    boolean isSet(Setting<?> setting);
}
