package io.brokkr.core.configuration;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values in force, all of them parsed, so that looking one up costs a look into a map. Thread-safe. A value never changes; plugins that come and go
 * bring their settings and take them away.
 */
public final class LoadedConfiguration implements BrokerConfiguration {

    private volatile State state;

    /** What is known and what it is set to. Immutable. */
    private record State(
            KnownSettings known,
            List<Setting<?>> brokerSettings,
            Map<String, TopicSetting<?>> topicSettings,
            SettingValues values) {

        static State of(KnownSettings known, SettingValues values) {
            return new State(known, known.brokerSettings(), known.topicSettings(), values);
        }
    }

    private LoadedConfiguration(State state) {
        this.state = state;
    }

    /**
     * Checks what was given against what is known.
     *
     * @param given in the order in which they were given: a later value of a name takes the place of an earlier one
     * @throws InvalidConfigurationException that tells all unknown names and all values of the wrong type
     */
    public static LoadedConfiguration load(KnownSettings known, List<GivenSetting> given) {
        List<String> mistakes = new ArrayList<>();
        Set<String> unknown = new HashSet<>();
        for (GivenSetting setting : given) {
            if (!known.isBrokerName(setting.name()) && unknown.add(setting.name())) {
                mistakes.add(setting.source() + ": " + setting.name() + ": " + known.unknownBrokerName(setting.name()));
            }
        }
        SettingValues values = new SettingValues();
        values.read(known, given, mistakes);
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
        return new LoadedConfiguration(State.of(known, values));
    }

    /** What is known at this moment; another object after every change. */
    public KnownSettings known() {
        return state.known();
    }

    /**
     * Takes in the values of settings that are not in force yet, so that the plugin that declares them can ask for them. Used by one thread at a time, as are {@link #know} and
     * {@link #forgetOthers}.
     *
     * @param known has them, and all that stay
     * @param given by now; of names that are known already, what was given at the start stays
     * @throws InvalidConfigurationException as {@link #load}, but for unknown names, which may be those of plugins that are gone
     */
    public void admit(KnownSettings known, List<GivenSetting> given) {
        State before = state;
        List<String> mistakes = new ArrayList<>();
        SettingValues values = new SettingValues(before.values());
        List<GivenSetting> ofNewNames = given.stream()
                .filter(setting -> !before.known().isBrokerName(setting.name()))
                .toList();
        values.read(known, ofNewNames, mistakes);
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
        state = new State(before.known(), before.brokerSettings(), before.topicSettings(), values);
    }

    /** Lets everybody know these settings, all of which were admitted, and no others; who still holds one of the others can ask for it. */
    public void know(KnownSettings known) {
        state = State.of(known, state.values());
    }

    /** Lets go of the values of settings that neither everybody knows nor these have. */
    public void forgetOthers(KnownSettings kept) {
        State before = state;
        SettingValues values = new SettingValues(before.values());
        values.retain(List.of(before.known(), kept));
        state = State.of(before.known(), values);
    }

    /**
     * The values of some settings before the others are known: which plugins there are decides which settings there are.
     *
     * @throws InvalidConfigurationException if a value is of the wrong type
     */
    public static LoadedConfiguration only(Collection<Setting<?>> settings, List<GivenSetting> given) {
        KnownSettings known = new KnownSettings().add("the core", settings);
        List<GivenSetting> ofThese = given.stream()
                .filter(candidate -> known.isBrokerName(candidate.name()))
                .toList();
        return load(known, ofThese);
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
        State now = state;
        IdentityHashMap<Setting<?>, Object> own = new IdentityHashMap<>();
        overrides.forEach((name, text) -> {
            TopicSetting<?> setting = now.topicSettings().get(name);
            if (setting == null) {
                throw new ApiException(
                        ErrorCode.INVALID_CONFIG, name + ": " + now.known().unknownTopicName(name));
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
        Object value = state.values().get(setting);
        if (value == null) {
            throw new IllegalArgumentException("nobody declared the setting " + setting);
        }
        // The value came out of this setting's own parser.
        return (T) value;
    }

    @Override
    public boolean isSet(Setting<?> setting) {
        return state.values().isSet(setting);
    }

    @Override
    public @Nullable String given(String brokerName) {
        return state.values().given(brokerName);
    }

    @Override
    public Collection<Setting<?>> brokerSettings() {
        return state.brokerSettings();
    }

    @Override
    public Collection<TopicSetting<?>> topicSettings() {
        return state.topicSettings().values();
    }
}
