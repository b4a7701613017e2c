package io.brokkr.core.configuration;

import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What the core and the loaded plugins declared that they read. Filled by one thread, and not changed once a configuration has it: plugins that come or go
 * make another one.
 *
 * <p>A name has one declaration, so that there is one documentation, one type and one default. A plugin that reads what another one declares uses
 * that one's constant: the same {@link Setting} may be declared any number of times.
 */
public final class KnownSettings {

    private final Map<String, List<Setting<?>>> byOwner = new LinkedHashMap<>();
    private final Map<String, Declared<Setting<?>>> byBrokerName = new TreeMap<>();
    private final Map<String, Declared<TopicSetting<?>>> byTopicName = new TreeMap<>();

    private record Declared<S extends Setting<?>>(S setting, String owner) {}

    /**
     * Adds settings of brokers and of topics.
     *
     * @param owner who declares them, for messages: {@code the core}, {@code plugin groups}
     * @throws InvalidConfigurationException if somebody else declared one of the names: naming both
     */
    public KnownSettings add(String owner, Collection<? extends Setting<?>> settings) {
        for (Setting<?> setting : settings) {
            byOwner.computeIfAbsent(owner, first -> new ArrayList<>()).add(setting);
            setting.brokerNames().forEach(name -> put(byBrokerName, name, setting, owner));
            if (setting instanceof TopicSetting<?> topicSetting) {
                put(byTopicName, setting.name(), topicSetting, owner);
            }
        }
        return this;
    }

    /** The same, as if some owners had declared nothing. */
    public KnownSettings without(Collection<String> owners) {
        KnownSettings rest = new KnownSettings();
        byOwner.forEach((owner, settings) -> rest.add(owner, owners.contains(owner) ? List.of() : settings));
        return rest;
    }

    private static <S extends Setting<?>> void put(
            Map<String, Declared<S>> declarations, String name, S setting, String owner) {
        Declared<S> before = declarations.putIfAbsent(name, new Declared<>(setting, owner));
        if (before != null && before.setting() != setting) {
            throw new InvalidConfigurationException(
                    "the setting " + name + " is declared twice: by " + before.owner() + " and by " + owner);
        }
    }

    /** The broker's own settings, in the order of their names. */
    List<Setting<?>> brokerSettings() {
        return byBrokerName.values().stream()
                .<Setting<?>>map(Declared::setting)
                .filter(setting -> !(setting instanceof TopicSetting<?>))
                .distinct()
                .toList();
    }

    /** The settings of topics by their names. */
    Map<String, TopicSetting<?>> topicSettings() {
        Map<String, TopicSetting<?>> settings = new TreeMap<>();
        byTopicName.forEach((name, declared) -> settings.put(name, declared.setting()));
        return Collections.unmodifiableMap(settings);
    }

    /** Tells of every setting that the broker's configuration may hold, with its owner, in the order of their strongest names. */
    public void forEach(BiConsumer<String, Setting<?>> visitor) {
        byBrokerName.forEach((name, declared) -> {
            if (declared.setting().brokerNames().findFirst().equals(Optional.of(name))) {
                visitor.accept(declared.owner(), declared.setting());
            }
        });
    }

    /** Whether the broker's configuration may hold a value under this name. */
    boolean isBrokerName(String name) {
        return byBrokerName.containsKey(name);
    }

    /** What to say about a name in the broker's configuration that is not known. */
    String unknownBrokerName(String name) {
        Declared<TopicSetting<?>> topicSetting = byTopicName.get(name);
        if (topicSetting != null) {
            List<String> brokerNames = topicSetting.setting().brokerNames().toList();
            return brokerNames.isEmpty()
                    ? "only topics have this setting"
                    : "topics have this setting; the broker's default for it is " + brokerNames.get(0);
        }
        return ForeignSettings.advice(name).orElseGet(() -> unknown(name, byBrokerName.keySet()));
    }

    /** What to say about a name among a topic's settings that is not known. */
    String unknownTopicName(String name) {
        return unknown(name, byTopicName.keySet());
    }

    private static String unknown(String name, Collection<String> known) {
        return NearestName.of(name, known)
                .map(nearest -> "unknown setting; did you mean " + nearest + "?")
                .orElse("unknown setting");
    }
}
