package io.brokkr.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.TopicSetting.BrokerName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.WithNull;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoadedConfigurationTest {

    private static final long DEFAULT_MS = 604_800_000;
    private static final Setting<Integer> PARTITIONS = Setting.integer("num.partitions", 1, 1, 100, "How many.");
    private static final TopicSetting<Long> RETENTION = TopicSetting.of(
            Setting.number("retention.ms", DEFAULT_MS, -1, Long.MAX_VALUE, "How long."),
            List.of(
                    BrokerName.same("log.retention.ms"),
                    new BrokerName("log.retention.minutes", 60_000),
                    new BrokerName("log.retention.hours", 3_600_000)));
    private static final TopicSetting<String> ONLY_TOPICS =
            TopicSetting.of(Setting.text("only.topics", "x", "Nothing."), List.of());

    private static LoadedConfiguration load(Map<String, String> values) {
        return LoadedConfiguration.load(known(), GivenSetting.all(values, "test"));
    }

    private static KnownSettings known() {
        return new KnownSettings().add("the core", List.of(PARTITIONS, RETENTION, ONLY_TOPICS));
    }

    /** Topic over milliseconds over minutes over hours over default, whichever of them are given. */
    @Property
    void theStrongestNameWins(
            @ForAll @WithNull(0.5) @LongRange(min = -1, max = 1_000) @Nullable Long topic,
            @ForAll @WithNull(0.5) @LongRange(min = -1, max = 1_000) @Nullable Long millis,
            @ForAll @WithNull(0.5) @LongRange(min = -1, max = 1_000) @Nullable Long minutes,
            @ForAll @WithNull(0.5) @LongRange(min = -1, max = 1_000) @Nullable Long hours) {
        Map<String, String> given = new HashMap<>();
        putIfGiven(given, "log.retention.ms", millis);
        putIfGiven(given, "log.retention.minutes", minutes);
        putIfGiven(given, "log.retention.hours", hours);
        LoadedConfiguration broker = load(given);
        Configuration own = broker.forTopic(topic == null ? Map.of() : Map.of("retention.ms", topic.toString()));

        long expectedOfBroker = millis != null
                ? millis
                : minutes != null ? inUnits(minutes, 60_000) : hours != null ? inUnits(hours, 3_600_000) : DEFAULT_MS;
        assertThat(broker.get(RETENTION)).isEqualTo(expectedOfBroker);
        assertThat(broker.isSet(RETENTION)).isEqualTo(!given.isEmpty());
        assertThat(own.get(RETENTION)).isEqualTo(topic == null ? expectedOfBroker : topic);
        assertThat(own.isSet(RETENTION)).isEqualTo(topic != null || !given.isEmpty());
        assertThat(own.get(PARTITIONS)).isEqualTo(1);
    }

    private static void putIfGiven(Map<String, String> given, String name, @Nullable Long value) {
        if (value != null) {
            given.put(name, value.toString());
        }
    }

    private static long inUnits(long value, long millisPerUnit) {
        return value < 0 ? value : value * millisPerUnit;
    }

    @Test
    void laterValuesWin() {
        List<GivenSetting> given = List.of(
                new GivenSetting("num.partitions", "3", "file, line 1"),
                GivenSetting.parse("num.partitions = 7", "--set"));
        LoadedConfiguration configuration = LoadedConfiguration.load(known(), given);
        assertThat(configuration.get(PARTITIONS)).isEqualTo(7);
        assertThat(configuration.given("num.partitions")).isEqualTo("7");
        assertThat(configuration.given("log.retention.ms")).isNull();
        assertThat(LoadedConfiguration.only(List.of(PARTITIONS), given).get(PARTITIONS))
                .isEqualTo(7);
    }

    @Test
    void tellsEveryMistakeWithItsLineAtOnce() {
        String text =
                """
                # A comment
                num.partition=3
                num.partitions=many
                log.retention.hours=9223372036854775807
                retention.ms=5
                only.topics=y
                zookeeper.connect=localhost:2181
                something.of.mine=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.min.isr=1
                log.cleaner.threads=1
                metrics.port=9464
                """;
        assertThatThrownBy(() -> LoadedConfiguration.load(known(), PropertiesText.parse(text, "f")))
                .isInstanceOf(InvalidConfigurationException.class)
                .satisfies(mistakes -> assertThat(
                                String.valueOf(mistakes.getMessage()).lines())
                        .containsExactlyInAnyOrder(
                                "f, line 2: num.partition: unknown setting; did you mean num.partitions?",
                                "f, line 3: num.partitions=many: must be a whole number from 1 to 100",
                                "f, line 4: log.retention.hours=9223372036854775807: must be a whole number of at most 2562047788015",
                                "f, line 5: retention.ms: topics have this setting; the broker's default for it is log.retention.ms",
                                "f, line 6: only.topics: only topics have this setting",
                                "f, line 7: zookeeper.connect: Brokkr keeps its metadata in the store that metadata.store names"
                                        + " and needs no ZooKeeper; remove the line",
                                "f, line 8: something.of.mine: unknown setting",
                                "f, line 9: transaction.state.log.min.isr: Brokkr has no transactions and no log of them; remove the line",
                                "f, line 10: share.coordinator.state.topic.min.isr: Brokkr has no share groups; remove the line",
                                "f, line 11: log.cleaner.threads: one log is compacted at a time; remove the line",
                                "f, line 12: metrics.port: the plugin prometheus reads this setting, and it is not loaded;"
                                        + " put it into a plugin folder, or remove the line"));
    }

    @Test
    void checksAlsoWhatIsNotInForce() {
        assertThatThrownBy(() -> load(Map.of("log.retention.ms", "1", "log.retention.hours", "soon")))
                .hasMessageContaining("log.retention.hours=soon: must be a whole number");
    }

    @Test
    void refusesATopicsSettingsWithTheCodeForTheClient() {
        LoadedConfiguration broker = load(Map.of());
        assertThatThrownBy(() -> broker.forTopic(Map.of("retention.mss", "1")))
                .isInstanceOfSatisfying(ApiException.class, failure -> assertThat(failure.error())
                        .isEqualTo(ErrorCode.INVALID_CONFIG))
                .hasMessage("retention.mss: unknown setting; did you mean retention.ms?");
        assertThatThrownBy(() -> broker.forTopic(Map.of("retention.ms", "-2")))
                .isInstanceOfSatisfying(ApiException.class, failure -> assertThat(failure.error())
                        .isEqualTo(ErrorCode.INVALID_CONFIG))
                .hasMessageStartingWith("retention.ms=-2: must be a whole number from -1");
    }

    @Test
    void aNameHasOneDeclaration() {
        Setting<Integer> other = Setting.integer("num.partitions", 1, 1, 100, "How many.");
        assertThatThrownBy(() -> known().add("the plugin other", List.of(other)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("the setting num.partitions is declared twice: by the core and by the plugin other");
        assertThat(LoadedConfiguration.load(known().add("the plugin other", List.of(PARTITIONS)), List.of())
                        .brokerSettings())
                .containsExactly(PARTITIONS);
    }

    @Test
    void whatNobodyDeclaredCannotBeAsked() {
        Setting<String> undeclared = Setting.text("undeclared", "x", "Nothing.");
        assertThatThrownBy(() -> load(Map.of()).get(undeclared))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("undeclared");
    }

    @Test
    void aSettingWithoutADefaultMustBeGiven() {
        Setting<Integer> required = new Setting<>("required", Setting.Type.INT, null, "Needed.", text -> {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("a number");
            }
            return Integer.parseInt(text);
        });
        KnownSettings known = new KnownSettings().add("the core", List.of(required));
        assertThatThrownBy(() -> LoadedConfiguration.load(known, List.of()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("required has no default, and must be given: a number");
        assertThat(LoadedConfiguration.load(known, GivenSetting.all(Map.of("required", "4"), "test"))
                        .get(required))
                .isEqualTo(4);
    }

    /** As when a plugin comes, another version of it takes its place, and it goes. */
    @Test
    void settingsComeAndGoAndTheValuesOfTheOthersStay() {
        Setting<Integer> one = Setting.integer("mine", 1, 0, 10, "Of the first version.");
        Setting<Integer> two = Setting.integer("mine", 2, 0, 10, "Of the second version.");
        LoadedConfiguration broker = load(Map.of("num.partitions", "7"));
        KnownSettings start = broker.known();
        KnownSettings first = start.without(List.of()).add("the plugin", List.of(one));

        broker.admit(first, GivenSetting.all(Map.of("mine", "5", "num.partitions", "9"), "the file by now"));
        assertThat(broker.get(one)).isEqualTo(5);
        assertThat(broker.isSet(one)).isTrue();
        assertThat(broker.brokerSettings()).doesNotContain(one);
        broker.know(first);
        assertThat(broker.brokerSettings()).contains(one);
        assertThat(broker.get(PARTITIONS)).isEqualTo(7);
        assertThat(broker.given("num.partitions")).isEqualTo("7");

        KnownSettings second = first.without(List.of("the plugin")).add("the plugin", List.of(two));
        broker.admit(second, GivenSetting.all(Map.of("mine", "6"), "the file by now"));
        broker.know(second);
        assertThat(broker.get(two))
                .as("as it was given when the name was first known")
                .isEqualTo(5);
        assertThat(broker.get(one)).isEqualTo(5);
        broker.forgetOthers(second);
        assertThatThrownBy(() -> broker.get(one)).isInstanceOf(IllegalArgumentException.class);

        broker.know(start);
        broker.forgetOthers(start);
        assertThat(broker.brokerSettings())
                .containsExactlyElementsOf(load(Map.of()).brokerSettings());
        assertThatThrownBy(() -> broker.get(two)).isInstanceOf(IllegalArgumentException.class);
        assertThat(broker.get(PARTITIONS)).isEqualTo(7);
    }

    @Test
    void aSettingThatComesWithAWrongValueChangesNothing() {
        Setting<Integer> mine = Setting.integer("mine", 1, 0, 10, "Of a plugin.");
        LoadedConfiguration broker = load(Map.of());
        KnownSettings start = broker.known();
        assertThatThrownBy(() -> broker.admit(
                        start.without(List.of()).add("the plugin", List.of(mine)),
                        GivenSetting.all(Map.of("mine", "11"), "f, line 1")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("f, line 1: mine=11: must be a whole number from 0 to 10");
        assertThat(broker.known()).isSameAs(start);
        assertThatThrownBy(() -> broker.get(mine)).isInstanceOf(IllegalArgumentException.class);
    }
}
