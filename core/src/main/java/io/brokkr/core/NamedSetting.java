package io.brokkr.core;

import io.brokkr.spi.Setting;
import java.util.List;
import java.util.stream.Stream;

/**
 * A setting that Kafka knows under several names.
 *
 * @param <T> the type of the value
 */
final class NamedSetting<T> extends Setting<T> {

    private final List<String> names;

    /**
     * A setting that is otherwise like another.
     *
     * @param otherNames weaker than its own name, the strongest first
     */
    NamedSetting(Setting<T> like, String... otherNames) {
        super(like.name(), like.type(), like.defaultText(), like.documentation(), like::parse);
        this.names =
                Stream.concat(Stream.of(like.name()), Stream.of(otherNames)).toList();
    }

    @Override
    public Stream<String> brokerNames() {
        return names.stream();
    }
}
