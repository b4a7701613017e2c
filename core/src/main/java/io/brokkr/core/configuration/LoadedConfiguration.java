package io.brokkr.core.configuration;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values in force, all of them parsed, so that looking one up costs a look into a map. Immutable. */
public final class LoadedConfiguration implements BrokerConfiguration {

    private final List<Setting<?>> brokerSettings;
    private final Map<String, TopicSetting<?>> topicSettings;
    private final KnownSettings known;
    private final IdentityHashMap<Setting<?>, Object> values = new IdentityHashMap<>();
    private final Set<Setting<?>> set = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, GivenSetting> given;

    private LoadedConfiguration(KnownSettings known, Map<String, GivenSetting> given) {
        this.known = known;
        this.given = given;
        this.brokerSettings = known.brokerSettings();
        this.topicSettings = known.topicSettings();
    }

    /**
     * Checks what was given against what is known.
     *
     * @param given in the order in which they were given: a later value of a name takes the place of an earlier one
     * @throws InvalidConfigurationException that tells all unknown names and all values of the wrong type
     */
    public static LoadedConfiguration load(KnownSettings known, List<GivenSetting> given) {
        Map<String, GivenSetting> byName = new HashMap<>();
        given.forEach(setting -> byName.put(setting.name(), setting));
        List<String> mistakes = new ArrayList<>();
        Set<String> unknown = new HashSet<>();
        for (GivenSetting setting : given) {
            if (!known.isBrokerName(setting.name()) && unknown.add(setting.name())) {
                mistakes.add(setting.source() + ": " + setting.name() + ": " + known.unknownBrokerName(setting.name()));
            }
        }
        LoadedConfiguration configuration = new LoadedConfiguration(known, byName);
        for (Setting<?> setting : configuration.brokerSettings) {
            configuration.put(
                    setting,
                    setting.brokerNames().map(TopicSetting.BrokerName::same).toList(),
                    mistakes);
        }
        for (TopicSetting<?> setting : configuration.topicSettings.values()) {
            configuration.put(setting, setting.synonyms(), mistakes);
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
        return configuration;
    }

    /**
     * The value of one setting before the others are known: which plugins there are decides which settings there are.
     *
     * @throws InvalidConfigurationException if the value is of the wrong type
     */
    public static <T> T only(Setting<T> setting, List<GivenSetting> given) {
        KnownSettings known = new KnownSettings().add("the core", List.of(setting));
        List<GivenSetting> ofThisOne = given.stream()
                .filter(candidate -> known.isBrokerName(candidate.name()))
                .toList();
        return load(known, ofThisOne).get(setting);
    }

    private void put(Setting<?> setting, List<TopicSetting.BrokerName> names, List<String> mistakes) {
        for (TopicSetting.BrokerName name : names) {
            GivenSetting found = given.get(name.name());
            if (found != null) {
                try {
                    // A weaker name is checked too: what is written must be right even where it is not in force.
                    Object value = setting.parse(inMillis(found.text(), name));
                    values.putIfAbsent(setting, value);
                    set.add(setting);
                } catch (IllegalArgumentException expected) {
                    mistakes.add(found.source() + ": " + found.name() + "=" + found.text() + ": must be "
                            + expected.getMessage());
                }
            }
        }
        if (!values.containsKey(setting)) {
            putDefault(setting, mistakes);
        }
    }

    private void putDefault(Setting<?> setting, List<String> mistakes) {
        try {
            values.put(setting, setting.defaultValue());
        } catch (IllegalArgumentException expected) {
            if (setting.defaultText() != null) {
                throw new IllegalArgumentException(
                        "the default of " + setting + " must be " + expected.getMessage(), expected);
            }
            mistakes.add(setting + " has no default, and must be given: " + expected.getMessage());
        }
    }

    /** Zero and below have a meaning of their own in every unit: none, or without a limit. */
    private static String inMillis(String text, TopicSetting.BrokerName name) {
        if (name.millisPerUnit() == 1) {
            return text;
        }
        try {
            long units = Long.parseLong(text.strip());
            return Long.toString(units < 0 ? units : Math.multiplyExact(units, name.millisPerUnit()));
        } catch (ArithmeticException | NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "a whole number of at most " + Long.MAX_VALUE / name.millisPerUnit(), notANumber);
        }
    }

    /**
     * The settings of a topic: its own, else the broker's, else the default.
     *
     * @param overrides what the topic has of its own, by the names that topics' settings have
     * @throws ApiException {@code INVALID_CONFIG}, if a name is unknown or a value is of the wrong type
     */
    public Configuration forTopic(Map<String, String> overrides) {
        if (overrides.isEmpty()) {
            return this;
        }
        IdentityHashMap<Setting<?>, Object> own = new IdentityHashMap<>();
        overrides.forEach((name, text) -> {
            TopicSetting<?> setting = topicSettings.get(name);
            if (setting == null) {
                throw new ApiException(ErrorCode.INVALID_CONFIG, name + ": " + known.unknownTopicName(name));
            }
            try {
                own.put(setting, setting.parse(text));
            } catch (IllegalArgumentException expected) {
                throw new ApiException(
                        ErrorCode.INVALID_CONFIG, name + "=" + text + ": must be " + expected.getMessage(), expected);
            }
        });
        return new TopicConfiguration(this, own);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T get(Setting<T> setting) {
        Object value = values.get(setting);
        if (value == null) {
            throw new IllegalArgumentException("nobody declared the setting " + setting);
        }
        // The value came out of this setting's own parser.
        return (T) value;
    }

    @Override
    public boolean isSet(Setting<?> setting) {
        return set.contains(setting);
    }

    @Override
    public @Nullable String given(String brokerName) {
        GivenSetting found = given.get(brokerName);
        return found == null ? null : found.text();
    }

    @Override
    public Collection<Setting<?>> brokerSettings() {
        return brokerSettings;
    }

    @Override
    public Collection<TopicSetting<?>> topicSettings() {
        return topicSettings.values();
    }
}
