package io.brokkr.plugin.topicadmin;

import io.brokkr.plugin.topicadmin.SettingValue.Place;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.TopicSetting.BrokerName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of settings as texts, with where they come from: what administrators read and write. Thread-safe.
 *
 * <p>A topic's value is its own, else what the broker's configuration has under the strongest of the setting's names there, else the default.
 */
final class SettingValues {

    private final BrokerConfiguration broker;

    SettingValues(BrokerConfiguration broker) {
        this.broker = broker;
    }

    /** Asked for each time, since plugins come with theirs and go. */
    private Map<String, TopicSetting<?>> topicSettings() {
        Map<String, TopicSetting<?>> byName = new TreeMap<>();
        broker.topicSettings().forEach(setting -> byName.put(setting.name(), setting));
        return byName;
    }

    /** The settings of a topic with these settings of its own, in the order of their names. */
    List<SettingValue> ofTopic(Map<String, String> overrides) {
        return topicSettings().values().stream()
                .map(setting -> ofTopic(setting, overrides))
                .toList();
    }

    private SettingValue ofTopic(TopicSetting<?> setting, Map<String, String> overrides) {
        List<Place> places = new ArrayList<>();
        String own = overrides.get(setting.name());
        if (own != null) {
            places.add(new Place(setting.name(), own, ConfigSource.TOPIC));
        }
        places.addAll(brokerPlaces(setting));
        return new SettingValue(setting, setting.name(), own != null ? own : brokerDefault(setting), places);
    }

    /** The parts of a topic's setting that is a list; none if there is no such setting. */
    List<String> listOf(Topic topic, String name) {
        TopicSetting<?> setting = topicSettings().get(name);
        return setting == null
                ? List.of()
                : parts(ofTopic(setting, topic.overrides()).text());
    }

    /** The value of a topic's setting; empty if there is no such setting. */
    String inForce(Topic topic, String name) {
        TopicSetting<?> setting = topicSettings().get(name);
        return setting == null ? "" : String.valueOf(topic.configuration().get(setting));
    }

    /** Whether topics have such a setting and its value is a list. */
    boolean isList(String name) {
        TopicSetting<?> setting = topicSettings().get(name);
        return setting != null && setting.type() == Setting.Type.LIST;
    }

    /** Texts with commas between them. */
    static List<String> parts(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList();
    }

    /** The settings of the broker, those that are defaults for topics among them, in the order of their names. */
    Collection<SettingValue> ofBroker() {
        Map<String, SettingValue> values = new TreeMap<>();
        for (Setting<?> setting : broker.brokerSettings()) {
            List<Place> places = places(setting, List.of(BrokerName.same(setting.name())));
            values.put(
                    setting.name(),
                    new SettingValue(
                            setting,
                            setting.name(),
                            places.isEmpty() ? null : places.get(0).text(),
                            places));
        }
        for (TopicSetting<?> setting : topicSettings().values()) {
            List<Place> places = brokerPlaces(setting);
            setting.brokerNames()
                    .forEach(
                            name -> values.put(name, new SettingValue(setting, name, textUnder(name, places), places)));
        }
        return values.values();
    }

    /** A setting with several names has its value under the one that was given; under the others there is none. */
    private static @Nullable String textUnder(String name, List<Place> places) {
        return places.stream()
                .filter(place -> place.name().equals(name))
                .map(Place::text)
                .findFirst()
                .orElse(null);
    }

    private List<Place> brokerPlaces(TopicSetting<?> setting) {
        return places(setting, setting.synonyms());
    }

    private List<Place> places(Setting<?> setting, List<BrokerName> names) {
        List<Place> places = new ArrayList<>();
        for (BrokerName name : names) {
            String given = broker.given(name.name());
            if (given != null) {
                places.add(new Place(name.name(), given, ConfigSource.STATIC_BROKER));
            }
        }
        if (setting.defaultText() != null) {
            // A default is written in the topic's unit, and so stands under a broker's name of the same unit if there
            // is one.
            String name = names.stream()
                    .filter(candidate -> candidate.millisPerUnit() == 1)
                    .map(BrokerName::name)
                    .findFirst()
                    .orElse(setting.name());
            places.add(new Place(name, setting.defaultText(), ConfigSource.DEFAULT));
        }
        return places;
    }

    /** What topics have that have no value of their own, in the topic's unit. */
    private @Nullable String brokerDefault(TopicSetting<?> setting) {
        for (BrokerName name : setting.synonyms()) {
            String given = broker.given(name.name());
            if (given != null) {
                return inMillis(given, name);
            }
        }
        return setting.defaultText();
    }

    /** Below zero there is no duration but a meaning of its own, such as «without a limit», in every unit. */
    private static String inMillis(String text, BrokerName name) {
        if (name.millisPerUnit() == 1) {
            return text;
        }
        long units = Long.parseLong(text.strip());
        return Long.toString(units < 0 ? units : Math.multiplyExact(units, name.millisPerUnit()));
    }
}
