package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeConfigsRequest;
import io.brokkr.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.brokkr.protocol.message.DescribeConfigsResponse;
import io.brokkr.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.brokkr.protocol.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Settings are shown with the value that is in force and with where it comes from. */
class DescribeConfigsTest {

    private static final Api<DescribeConfigsRequest> API = DescribeConfigsRequest.API;
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;
    private static final byte SOURCE_TOPIC = 1;
    private static final byte SOURCE_BROKER = 4;
    private static final byte SOURCE_DEFAULT = 5;
    private static final String SECRET = "plugins.trusted.keystore.password";

    private static AdminBroker broker;

    @BeforeContainer
    static void start() {
        broker = new AdminBroker(Map.of(
                "log.retention.hours",
                "24",
                "message.max.bytes",
                "5000",
                "log.retention.minutes",
                "30",
                SECRET,
                "swordfish"));
        broker.create("plain", 1, Map.of());
        broker.create("own", 1, Map.of("retention.ms", "777", "cleanup.policy", "compact, delete"));
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @Provide
    Arbitrary<Integer> versions() {
        return AdminBroker.versionsOf(API);
    }

    @Property
    void everyVersionShowsEverySettingOfATopic(
            @ForAll("versions") int version, @ForAll boolean synonyms, @ForAll boolean documentation) {
        boolean withSynonyms = synonyms && version >= 1;
        boolean withDocumentation = documentation && version >= 3;

        List<DescribeConfigsResourceResult> configs =
                describe(version, withSynonyms, withDocumentation, TOPIC, "own").configs();

        assertThat(configs).extracting(DescribeConfigsResourceResult::name).isSorted();
        assertThat(configs)
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactlyInAnyOrderElementsOf(
                        topicSettings().stream().map(TopicSetting::name).toList());
        for (TopicSetting<?> setting : topicSettings()) {
            DescribeConfigsResourceResult config = named(configs, setting.name());
            assertThat(parse(setting, config.value()))
                    .as(setting.name())
                    .isEqualTo(broker.topic("own").configuration().get(setting));
            boolean own = Set.of("retention.ms", "cleanup.policy").contains(setting.name());
            boolean brokers =
                    setting.name().equals("max.message.bytes") || setting.name().equals("storage.engine");
            byte source = own ? SOURCE_TOPIC : brokers ? SOURCE_BROKER : SOURCE_DEFAULT;
            assertThat(config.configSource()).as(setting.name()).isEqualTo(version >= 1 ? source : -1);
            assertThat(config.isDefault()).isEqualTo(version == 0 && source == SOURCE_DEFAULT);
            assertThat(config.readOnly()).isFalse();
            assertThat(config.isSensitive()).isFalse();
            assertThat(config.configType())
                    .isEqualTo((byte) (version >= 3 ? setting.type().code() : 0));
            assertThat(config.synonyms().isEmpty()).isEqualTo(!withSynonyms);
            if (version >= 3) {
                assertThat(config.documentation()).isEqualTo(withDocumentation ? setting.documentation() : null);
            }
        }
    }

    @Example
    void aValueIsShownWithEveryPlaceThatItMayComeFrom() {
        assertThat(places("own", "retention.ms"))
                .containsExactly(
                        "retention.ms=777 from 1",
                        "log.retention.minutes=30 from 4",
                        "log.retention.hours=24 from 4",
                        "log.retention.ms=604800000 from 5");
        assertThat(places("plain", "retention.ms"))
                .containsExactly(
                        "log.retention.minutes=30 from 4",
                        "log.retention.hours=24 from 4",
                        "log.retention.ms=604800000 from 5");
        assertThat(named(describe(4, true, false, TOPIC, "plain").configs(), "retention.ms")
                        .value())
                .isEqualTo("1800000");
    }

    private static List<String> places(String topic, String setting) {
        return named(describe(4, true, false, TOPIC, topic).configs(), setting).synonyms().stream()
                .map(place -> place.name() + "=" + place.value() + " from " + place.source())
                .toList();
    }

    @Property
    void everyVersionShowsTheSettingsOfThisBroker(@ForAll("versions") int version) {
        List<DescribeConfigsResourceResult> configs =
                describe(version, false, false, BROKER, self()).configs();

        assertThat(configs)
                .allSatisfy(config ->
                        assertThat(config.readOnly()).as(config.name()).isTrue());
        assertThat(configs)
                .extracting(DescribeConfigsResourceResult::name)
                .containsAll(broker.embedded().services().configuration().brokerSettings().stream()
                        .map(Setting::name)
                        .toList())
                .contains("log.retention.ms", "log.cleanup.policy")
                .doesNotContain("retention.ms")
                .isSorted();
        assertThat(named(configs, "log.retention.minutes").value()).isEqualTo("30");
        assertThat(named(configs, "log.retention.hours").value()).isEqualTo("24");
        assertThat(named(configs, "message.max.bytes").value()).isEqualTo("5000");
        assertThat(named(configs, "log.retention.bytes").value()).isEqualTo("-1");
        assertThat(named(configs, "num.partitions").value()).isEqualTo("1");
    }

    @Property
    void everyVersionKeepsAPasswordToItself(@ForAll("versions") int version, @ForAll boolean synonyms) {
        DescribeConfigsResourceResult secret = named(
                describe(version, synonyms && version >= 1, false, BROKER, self())
                        .configs(),
                SECRET);

        assertThat(secret.isSensitive()).isTrue();
        assertThat(secret.value()).isNull();
        assertThat(secret.toString()).doesNotContain("swordfish");
    }

    @Property
    void onlyTheKeysThatAreAskedForAreShown(
            @ForAll("versions") int version, @ForAll @Size(max = 3) Set<@From("keys") String> keys) {
        List<DescribeConfigsResourceResult> configs = describe(
                        version,
                        List.of(resource(TOPIC, "own")
                                .configurationKeys(List.copyOf(keys))
                                .build()))
                .get(0)
                .configs();

        if (keys.isEmpty()) {
            assertThat(configs).hasSameSizeAs(topicSettings());
        } else {
            keys.remove("no.such.setting");
            assertThat(configs)
                    .extracting(DescribeConfigsResourceResult::name)
                    .containsExactlyInAnyOrderElementsOf(keys);
        }
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.of("retention.ms", "cleanup.policy", "storage.engine", "no.such.setting");
    }

    @Property
    void everyResourceSucceedsOrFailsForItself(@ForAll("versions") int version) {
        List<DescribeConfigsResult> results = describe(
                version,
                List.of(
                        resource(TOPIC, "nowhere").build(),
                        resource(BROKER, self() + "1").build(),
                        resource(BROKER, "me").build(),
                        resource(BROKER, "").build(),
                        resource(BROKER_LOGGER, self()).build(),
                        resource(BROKER_LOGGER, "").build(),
                        resource((byte) 16, "metrics").build(),
                        resource((byte) 0, "what").build(),
                        resource(TOPIC, "plain").build()));

        assertThat(results)
                .extracting(DescribeConfigsResult::resourceName)
                .containsExactly("nowhere", self() + "1", "me", "", self(), "", "metrics", "what", "plain");
        assertThat(results)
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.NONE,
                        ErrorCode.NONE,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.NONE);
        assertThat(results.subList(0, 8))
                .allSatisfy(result -> assertThat(result.configs()).isEmpty());
        assertThat(results.get(8).configs()).isNotEmpty();
    }

    private static Object parse(Setting<?> setting, String value) {
        return setting.parse(value == null ? "" : value);
    }

    private static DescribeConfigsResourceResult named(List<DescribeConfigsResourceResult> configs, String name) {
        return configs.stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not shown"));
    }

    private static String self() {
        return Integer.toString(broker.cluster().brokerId());
    }

    private static List<TopicSetting<?>> topicSettings() {
        return List.copyOf(broker.embedded().services().configuration().topicSettings());
    }

    private static DescribeConfigsResult describe(
            int version, boolean synonyms, boolean documentation, byte type, String name) {
        DescribeConfigsRequest request = DescribeConfigsRequest.builder()
                .resources(List.of(resource(type, name).build()))
                .includeSynonyms(synonyms)
                .includeDocumentation(documentation)
                .build();
        DescribeConfigsResult result = call(request, version).results().get(0);
        assertThat(ErrorCode.forCode(result.errorCode())).isEqualTo(ErrorCode.NONE);
        return result;
    }

    private static List<DescribeConfigsResult> describe(int version, List<DescribeConfigsResource> resources) {
        return call(DescribeConfigsRequest.builder().resources(resources).build(), version)
                .results();
    }

    private static DescribeConfigsResponse call(DescribeConfigsRequest request, int version) {
        return broker.call(API, request, version, DescribeConfigsResponse::read);
    }

    private static DescribeConfigsResource.Builder resource(byte type, String name) {
        return DescribeConfigsResource.builder()
                .resourceType(type)
                .resourceName(name)
                .configurationKeys(null);
    }
}
