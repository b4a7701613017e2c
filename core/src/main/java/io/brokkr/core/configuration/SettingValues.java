package io.brokkr.core.configuration;

import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of settings, and the texts that they come from. Filled by one thread, and not changed once others have it. */
final class SettingValues {

    private final IdentityHashMap<Setting<?>, Object> values = new IdentityHashMap<>();
    private final Set<Setting<?>> set = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, GivenSetting> given = new HashMap<>();

    /** None. */
    SettingValues() {}

    /** The same again, to be changed. */
    SettingValues(SettingValues like) {
        values.putAll(like.values);
        set.addAll(like.set);
        given.putAll(like.given);
    }

    /** Parses the values of all known settings that have none yet, and adds a line for each that is wrong. */
    void read(KnownSettings known, List<GivenSetting> texts, List<String> mistakes) {
        texts.forEach(setting -> given.put(setting.name(), setting));
        for (Setting<?> setting : known.brokerSettings()) {
            put(
                    setting,
                    setting.brokerNames().map(TopicSetting.BrokerName::same).toList(),
                    mistakes);
        }
        for (TopicSetting<?> setting : known.topicSettings().values()) {
            put(setting, setting.synonyms(), mistakes);
        }
    }

    /** Keeps the values of settings that any of these has. */
    void retain(List<KnownSettings> kept) {
        Set<Setting<?>> known = Collections.newSetFromMap(new IdentityHashMap<>());
        for (KnownSettings settings : kept) {
            known.addAll(settings.brokerSettings());
            known.addAll(settings.topicSettings().values());
        }
        values.keySet().removeIf(setting -> !known.contains(setting));
        set.removeIf(setting -> !known.contains(setting));
    }

    @Nullable
    Object get(Setting<?> setting) {
        return values.get(setting);
    }

    boolean isSet(Setting<?> setting) {
        return set.contains(setting);
    }

    @Nullable
    String given(String brokerName) {
        GivenSetting found = given.get(brokerName);
        return found == null ? null : found.text();
    }

    private void put(Setting<?> setting, List<TopicSetting.BrokerName> names, List<String> mistakes) {
        if (values.containsKey(setting)) {
            return;
        }
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
}
