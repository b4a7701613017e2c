package io.brokkr.plugin.topicadmin;

import io.brokkr.spi.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A setting with the value that is in force.
 *
 * @param name the name under which it is shown
 * @param text the value as one would write it under that name, null where there is none
 * @param places where a value stands, the strongest first: the first one is in force
 */
record SettingValue(Setting<?> setting, String name, @Nullable String text, List<Place> places) {

    /**
     * One of the places that a value may come from; Kafka calls them synonyms.
     *
     * @param name the setting's name there
     * @param text the value as it is written there
     */
    record Place(String name, String text, ConfigSource source) {}

    ConfigSource source() {
        return places.isEmpty() ? ConfigSource.DEFAULT : places.get(0).source();
    }
}
