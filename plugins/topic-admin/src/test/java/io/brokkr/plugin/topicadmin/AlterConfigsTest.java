package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.AlterConfigsRequest;
import io.brokkr.protocol.message.AlterConfigsResponse;
import io.brokkr.protocol.message.IncrementalAlterConfigsRequest;
import io.brokkr.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.brokkr.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.brokkr.protocol.message.IncrementalAlterConfigsResponse;
import io.brokkr.testkit.WireClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The settings of topics change as the two APIs say, against a map that is changed in the same way. */
class AlterConfigsTest {

    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;
    private static final byte CLIENT_METRICS = 16;

    private static AdminBroker broker;
    private static int lastTopic;

    @BeforeContainer
    static void start() {
        broker = new AdminBroker(Map.of("log.cleanup.policy", "compact"));
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @Provide
    Arbitrary<Integer> incrementalVersions() {
        return AdminBroker.versionsOf(IncrementalAlterConfigsRequest.API);
    }

    @Provide
    Arbitrary<Integer> versions() {
        return AdminBroker.versionsOf(AlterConfigsRequest.API);
    }

    /** One change, legal or not. */
    private record Step(String setting, int operation, String value) {}

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Step> numbers = Combinators.combine(
                        Arbitraries.of("retention.ms", "max.message.bytes"),
                        Arbitraries.of(0, 0, 0, 1, 2),
                        Arbitraries.of("5", "70000", "many"))
                .as(Step::new);
        Arbitrary<Step> lists = Combinators.combine(
                        Arbitraries.just("cleanup.policy"),
                        Arbitraries.of(0, 1, 2, 2, 3, 3),
                        Arbitraries.of("delete", "compact", "compact,delete", "shred"))
                .as(Step::new);
        Arbitrary<Step> odd = Arbitraries.of(
                new Step("no.such.setting", 0, "1"),
                new Step("no.such.setting", 1, null),
                new Step("retention.ms", 0, null),
                new Step("retention.ms", 4, "5"),
                new Step("retention.ms", -1, "5"));
        return Arbitraries.frequencyOf(Tuple.of(4, numbers), Tuple.of(4, lists), Tuple.of(1, odd));
    }

    @Property(tries = 200)
    void incrementalChangesAddUp(
            @ForAll("incrementalVersions") int version,
            @ForAll @Size(min = 1, max = 6) List<@Size(min = 1, max = 2) List<@From("steps") Step>> requests,
            @ForAll boolean validateOnly) {
        String topic = newTopic();
        Map<String, String> model = new TreeMap<>();
        for (List<Step> steps : requests) {
            Map<String, String> changed = new TreeMap<>(model);
            ErrorCode expected = apply(steps, changed);

            List<ErrorCode> outcomes = incremental(version, validateOnly, resource(topic, steps));

            assertThat(outcomes).containsExactly(expected);
            if (expected == ErrorCode.NONE && !validateOnly) {
                model = changed;
            }
            assertThat(broker.topic(topic).overrides()).isEqualTo(model);
        }
    }

    /** What must become of the settings, and of the request. */
    private static ErrorCode apply(List<Step> steps, Map<String, String> settings) {
        if (steps.stream().map(Step::setting).distinct().count() < steps.size()
                || steps.stream()
                        .anyMatch(step -> step.operation() < 0
                                || step.operation() > 3
                                || (step.value() == null && step.operation() != 1))) {
            return ErrorCode.INVALID_REQUEST;
        }
        for (Step step : steps) {
            switch (step.operation()) {
                case 0 -> settings.put(step.setting(), step.value());
                case 1 -> settings.remove(step.setting());
                default -> {
                    if (!step.setting().equals("cleanup.policy")) {
                        return ErrorCode.INVALID_CONFIG;
                    }
                    Set<String> parts = new LinkedHashSet<>(Arrays.asList(
                            settings.getOrDefault("cleanup.policy", "compact").split(",")));
                    parts.remove("");
                    List<String> value = Arrays.asList(step.value().split(","));
                    if (step.operation() == 2) {
                        parts.addAll(value);
                    } else {
                        value.forEach(parts::remove);
                    }
                    settings.put("cleanup.policy", String.join(",", parts));
                }
            }
        }
        return isLegal(settings) ? ErrorCode.NONE : ErrorCode.INVALID_CONFIG;
    }

    private static boolean isLegal(Map<String, String> settings) {
        return !settings.containsKey("no.such.setting")
                && !settings.containsValue("many")
                && Set.of("", "delete", "compact", "delete,compact", "compact,delete", "none")
                        .contains(settings.getOrDefault("cleanup.policy", "none"));
    }

    @Property(tries = 100)
    void aWholeChangeForgetsWhatItDoesNotName(
            @ForAll("versions") int version,
            @ForAll @Size(max = 4) Map<@From("settingNames") String, @From("settingValues") String> settings,
            @ForAll boolean validateOnly) {
        String topic = newTopic();
        Map<String, String> before = Map.of("retention.bytes", "7", "min.insync.replicas", "1");
        AdminBroker.await(broker.topics().configure(topic, before, false));

        List<ErrorCode> outcomes = whole(version, validateOnly, TOPIC, topic, settings);

        boolean legal = !settings.containsValue("many");
        assertThat(outcomes).containsExactly(legal ? ErrorCode.NONE : ErrorCode.INVALID_CONFIG);
        assertThat(broker.topic(topic).overrides()).isEqualTo(legal && !validateOnly ? settings : before);
    }

    @Provide
    Arbitrary<String> settingNames() {
        return Arbitraries.of("retention.ms", "retention.bytes", "max.message.bytes");
    }

    @Provide
    Arbitrary<String> settingValues() {
        return Arbitraries.of("1", "1", "2000", "many");
    }

    /** Changes that count from what is there must not be lost when many are made at once. */
    @Example
    void changesAtTheSameTimeAreAllMade() {
        String topic = newTopic();
        List<String> names = List.of(
                "retention.ms",
                "retention.bytes",
                "max.message.bytes",
                "message.timestamp.before.max.ms",
                "message.timestamp.after.max.ms",
                "compression.gzip.level",
                "compression.zstd.level",
                "min.insync.replicas");
        List<WireClient> clients = new ArrayList<>();
        List<Integer> correlationIds = new ArrayList<>();
        for (String name : names) {
            WireClient client = broker.embedded().connect();
            clients.add(client);
            correlationIds.add(client.send(
                    IncrementalAlterConfigsRequest.API,
                    request(false, resource(topic, List.of(new Step(name, 0, "1")))),
                    1));
        }
        for (int i = 0; i < clients.size(); i++) {
            try (WireClient client = clients.get(i)) {
                client.receive(
                        IncrementalAlterConfigsRequest.API,
                        1,
                        correlationIds.get(i),
                        IncrementalAlterConfigsResponse::read);
            }
        }

        assertThat(broker.topic(topic).overrides().keySet()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Property
    void everyResourceSucceedsOrFailsForItself(@ForAll("incrementalVersions") int version) {
        String topic = newTopic();
        List<Step> steps = List.of(new Step("retention.ms", 0, "5"));
        String self = Integer.toString(broker.cluster().brokerId());

        List<ErrorCode> outcomes = incremental(
                version,
                false,
                resource(TOPIC, "nowhere", steps),
                resource(TOPIC, "", steps),
                resource(TOPIC, "twice", steps),
                resource(TOPIC, "twice", List.of()),
                resource(BROKER, self, steps),
                resource(BROKER, self + "1", List.of()),
                resource(BROKER, "", List.of()),
                resource(BROKER_LOGGER, self, steps),
                resource(CLIENT_METRICS, "all", steps),
                resource((byte) 99, "all", steps),
                resource(TOPIC, topic, steps));

        assertThat(outcomes)
                .containsExactly(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.NONE,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.NONE);
        assertThat(broker.topic(topic).overrides()).isEqualTo(Map.of("retention.ms", "5"));
    }

    @Property
    void aWholeChangeOfTheBrokerIsRefused(@ForAll("versions") int version) {
        String self = Integer.toString(broker.cluster().brokerId());

        assertThat(whole(version, false, BROKER, self, Map.of("num.partitions", "7")))
                .containsExactly(ErrorCode.INVALID_REQUEST);
    }

    private static String newTopic() {
        String name = "topic-" + ++lastTopic;
        broker.create(name, 1, Map.of());
        return name;
    }

    private static List<ErrorCode> incremental(int version, boolean validateOnly, AlterConfigsResource... resources) {
        IncrementalAlterConfigsResponse response = broker.call(
                IncrementalAlterConfigsRequest.API,
                request(validateOnly, resources),
                version,
                IncrementalAlterConfigsResponse::read);
        assertThat(response.responses())
                .extracting(IncrementalAlterConfigsResponse.AlterConfigsResourceResponse::resourceName)
                .containsExactlyElementsOf(Arrays.stream(resources)
                        .map(AlterConfigsResource::resourceName)
                        .toList());
        return response.responses().stream()
                .map(result -> ErrorCode.forCode(result.errorCode()))
                .toList();
    }

    private static IncrementalAlterConfigsRequest request(boolean validateOnly, AlterConfigsResource... resources) {
        return IncrementalAlterConfigsRequest.builder()
                .resources(List.of(resources))
                .validateOnly(validateOnly)
                .build();
    }

    private static AlterConfigsResource resource(String topic, List<Step> steps) {
        return resource(TOPIC, topic, steps);
    }

    private static AlterConfigsResource resource(byte type, String name, List<Step> steps) {
        return AlterConfigsResource.builder()
                .resourceType(type)
                .resourceName(name)
                .configs(steps.stream()
                        .map(step -> AlterableConfig.builder()
                                .name(step.setting())
                                .configOperation((byte) step.operation())
                                .value(step.value())
                                .build())
                        .toList())
                .build();
    }

    private static List<ErrorCode> whole(
            int version, boolean validateOnly, byte type, String name, Map<String, String> settings) {
        AlterConfigsRequest request = AlterConfigsRequest.builder()
                .resources(List.of(AlterConfigsRequest.AlterConfigsResource.builder()
                        .resourceType(type)
                        .resourceName(name)
                        .configs(settings.entrySet().stream()
                                .map(setting -> AlterConfigsRequest.AlterableConfig.builder()
                                        .name(setting.getKey())
                                        .value(setting.getValue())
                                        .build())
                                .toList())
                        .build()))
                .validateOnly(validateOnly)
                .build();
        AlterConfigsResponse response =
                broker.call(AlterConfigsRequest.API, request, version, AlterConfigsResponse::read);
        return response.responses().stream()
                .map(result -> ErrorCode.forCode(result.errorCode()))
                .toList();
    }
}
