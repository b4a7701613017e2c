package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.AlterConfigsRequest;
import io.brokkr.protocol.message.AlterConfigsRequest.AlterConfigsResource;
import io.brokkr.protocol.message.AlterConfigsResponse;
import io.brokkr.protocol.message.DescribeConfigsRequest;
import io.brokkr.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.brokkr.protocol.message.DescribeConfigsResponse;
import io.brokkr.protocol.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.brokkr.protocol.message.DescribeLogDirsRequest;
import io.brokkr.protocol.message.DescribeLogDirsResponse;
import io.brokkr.protocol.message.IncrementalAlterConfigsRequest;
import io.brokkr.protocol.message.IncrementalAlterConfigsResponse;
import io.brokkr.protocol.message.ListPartitionReassignmentsRequest;
import io.brokkr.protocol.message.ListPartitionReassignmentsResponse;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/** Seeing and changing settings, and looking at the cluster, each ask for their own right, at every version. */
class SettingRightsTest {

    private static final String THERE = RightsBroker.THERE;
    private static final String NOT_THERE = RightsBroker.NOT_THERE;

    private static RightsBroker rights;
    private static AdminBroker broker;

    @BeforeContainer
    static void start() {
        rights = new RightsBroker();
        broker = rights.broker();
    }

    @AfterContainer
    static void stop() {
        rights.close();
    }

    @BeforeTry
    void startAnew() {
        rights.startAnew();
    }

    private static Arbitrary<Integer> versionsOf(Api<?> api) {
        return AdminBroker.versionsOf(api);
    }

    @Provide
    Arbitrary<Integer> describeConfigsVersions() {
        return versionsOf(DescribeConfigsRequest.API);
    }

    @Provide
    Arbitrary<Integer> alterConfigsVersions() {
        return versionsOf(AlterConfigsRequest.API);
    }

    @Provide
    Arbitrary<Integer> incrementalVersions() {
        return versionsOf(IncrementalAlterConfigsRequest.API);
    }

    @Provide
    Arbitrary<Integer> logDirsVersions() {
        return versionsOf(DescribeLogDirsRequest.API);
    }

    @Provide
    Arbitrary<Byte> resourcesOfTheBroker() {
        return Arbitraries.of(ResourceType.BROKER, ResourceType.BROKER_LOGGER);
    }

    // DescribeConfigs

    private static List<DescribeConfigsResult> describe(int version, byte type, String... names) {
        DescribeConfigsRequest request = DescribeConfigsRequest.builder()
                .resources(List.of(names).stream()
                        .map(name -> DescribeConfigsResource.builder()
                                .resourceType(type)
                                .resourceName(name)
                                .configurationKeys(null)
                                .build())
                        .toList())
                .build();
        return broker.call(DescribeConfigsRequest.API, request, version, DescribeConfigsResponse::read)
                .results();
    }

    private static String brokerId() {
        return Integer.toString(broker.cluster().brokerId());
    }

    @Property
    void settingsOfTopicsAreShownToThoseWhoMaySeeThem(@ForAll("describeConfigsVersions") int version) {
        rights.allowAllBut(Operation.DESCRIBE_CONFIGS);
        List<DescribeConfigsResult> denied = describe(version, ResourceType.TOPIC, THERE, NOT_THERE);
        assertThat(errorOf(denied.get(0).errorCode())).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(denied.get(0).toBuilder().resourceName("").build())
                .isEqualTo(denied.get(1).toBuilder().resourceName("").build());

        rights.allowOnTopics(Operation.DESCRIBE_CONFIGS);
        List<DescribeConfigsResult> shown = describe(version, ResourceType.TOPIC, THERE, NOT_THERE);
        assertThat(shown.get(0).configs()).isNotEmpty();
        assertThat(errorOf(shown.get(1).errorCode())).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Property
    void settingsOfTheBrokerAreShownToThoseWhoMaySeeThem(
            @ForAll("describeConfigsVersions") int version, @ForAll("resourcesOfTheBroker") byte type) {
        rights.allowAllBut(Operation.DESCRIBE_CONFIGS);
        rights.allowOnTopics(Operation.values());
        DescribeConfigsResult denied = describe(version, type, brokerId()).get(0);
        assertThat(errorOf(denied.errorCode())).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        assertThat(denied.configs()).isEmpty();

        rights.allow(Resource.CLUSTER, Operation.DESCRIBE_CONFIGS);
        assertThat(errorOf(describe(version, type, brokerId()).get(0).errorCode()))
                .isEqualTo(ErrorCode.NONE);
    }

    // AlterConfigs and IncrementalAlterConfigs

    private static final String SETTING = "retention.ms";

    private static List<AlterConfigsResponse.AlterConfigsResourceResponse> replace(
            int version, byte type, String... names) {
        AlterConfigsRequest request = AlterConfigsRequest.builder()
                .resources(List.of(names).stream()
                        .map(name -> AlterConfigsResource.builder()
                                .resourceType(type)
                                .resourceName(name)
                                .configs(
                                        type == ResourceType.TOPIC
                                                ? List.of(AlterConfigsRequest.AlterableConfig.builder()
                                                        .name(SETTING)
                                                        .value("7000")
                                                        .build())
                                                : List.of())
                                .build())
                        .toList())
                .build();
        return broker.call(AlterConfigsRequest.API, request, version, AlterConfigsResponse::read)
                .responses();
    }

    private static List<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse> change(
            int version, byte type, String... names) {
        IncrementalAlterConfigsRequest request = IncrementalAlterConfigsRequest.builder()
                .resources(List.of(names).stream()
                        .map(name -> IncrementalAlterConfigsRequest.AlterConfigsResource.builder()
                                .resourceType(type)
                                .resourceName(name)
                                .configs(
                                        type == ResourceType.TOPIC
                                                ? List.of(IncrementalAlterConfigsRequest.AlterableConfig.builder()
                                                        .name(SETTING)
                                                        .configOperation((byte) 0)
                                                        .value("8000")
                                                        .build())
                                                : List.of())
                                .build())
                        .toList())
                .build();
        return broker.call(IncrementalAlterConfigsRequest.API, request, version, IncrementalAlterConfigsResponse::read)
                .responses();
    }

    @Property
    void settingsOfTopicsAreReplacedByThoseWhoMayAlterThem(@ForAll("alterConfigsVersions") int version) {
        rights.allowAllBut(Operation.ALTER_CONFIGS);
        List<AlterConfigsResponse.AlterConfigsResourceResponse> denied =
                replace(version, ResourceType.TOPIC, THERE, NOT_THERE);
        assertThat(errorOf(denied.get(0).errorCode())).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(denied.get(0).toBuilder().resourceName("").build())
                .isEqualTo(denied.get(1).toBuilder().resourceName("").build());
        assertThat(broker.topic(THERE).overrides()).isEmpty();

        rights.allowOnTopics(Operation.ALTER_CONFIGS);
        assertThat(replace(version, ResourceType.TOPIC, THERE, NOT_THERE))
                .extracting(result -> errorOf(result.errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.topic(THERE).overrides()).containsEntry(SETTING, "7000");
    }

    @Property
    void settingsOfTopicsAreChangedByThoseWhoMayAlterThem(@ForAll("incrementalVersions") int version) {
        rights.allowAllBut(Operation.ALTER_CONFIGS);
        List<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse> denied =
                change(version, ResourceType.TOPIC, THERE, NOT_THERE);
        assertThat(errorOf(denied.get(0).errorCode())).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(denied.get(0).toBuilder().resourceName("").build())
                .isEqualTo(denied.get(1).toBuilder().resourceName("").build());
        assertThat(broker.topic(THERE).overrides()).isEmpty();

        rights.allowOnTopics(Operation.ALTER_CONFIGS);
        assertThat(change(version, ResourceType.TOPIC, THERE, NOT_THERE))
                .extracting(result -> errorOf(result.errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.topic(THERE).overrides()).containsEntry(SETTING, "8000");
    }

    @Property
    void settingsOfTheBrokerAreTheClusters(@ForAll("resourcesOfTheBroker") byte type) {
        rights.allowAllBut(Operation.ALTER_CONFIGS);
        rights.allowOnTopics(Operation.values());
        assertThat(errorOf(replace(1, type, brokerId()).get(0).errorCode()))
                .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        assertThat(errorOf(change(1, type, brokerId()).get(0).errorCode()))
                .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);

        rights.allow(Resource.CLUSTER, Operation.ALTER_CONFIGS);
        assertThat(errorOf(replace(1, type, brokerId()).get(0).errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(change(1, type, brokerId()).get(0).errorCode())).isEqualTo(ErrorCode.NONE);
    }

    // DescribeLogDirs and ListPartitionReassignments

    @Property
    void placesOfLogsAreShownToThoseWhoMayDescribeTheCluster(@ForAll("logDirsVersions") int version) {
        DescribeLogDirsRequest all =
                DescribeLogDirsRequest.builder().topics(null).build();
        rights.allowAllBut(Operation.DESCRIBE);
        rights.allowOnTopics(Operation.values());
        DescribeLogDirsResponse denied = call(DescribeLogDirsRequest.API, all, version, DescribeLogDirsResponse::read);
        assertThat(denied.results()).isEmpty();
        assertThat(errorOf(denied.errorCode()))
                .isEqualTo(version >= 3 ? ErrorCode.CLUSTER_AUTHORIZATION_FAILED : ErrorCode.NONE);

        rights.allow(Resource.CLUSTER, Operation.DESCRIBE);
        assertThat(call(DescribeLogDirsRequest.API, all, version, DescribeLogDirsResponse::read)
                        .results())
                .isNotEmpty();
    }

    @Property
    void movesAreToldToThoseWhoMayDescribeTheCluster(@ForAll boolean allowed) {
        rights.allowAllBut(Operation.DESCRIBE);
        rights.allowOnTopics(Operation.values());
        if (allowed) {
            rights.allow(Resource.CLUSTER, Operation.DESCRIBE);
        }
        ListPartitionReassignmentsRequest request = ListPartitionReassignmentsRequest.builder()
                .topics(null)
                .timeoutMs(AdminBroker.TIMEOUT_MILLIS)
                .build();
        assertThat(errorOf(call(
                                ListPartitionReassignmentsRequest.API,
                                request,
                                0,
                                ListPartitionReassignmentsResponse::read)
                        .errorCode()))
                .isEqualTo(allowed ? ErrorCode.NONE : ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
    }

    private static <R extends Message> R call(Api<?> api, Message request, int version, Api.Decoder<R> decoder) {
        return broker.call(api, request, version, decoder);
    }

    private static ErrorCode errorOf(short code) {
        return ErrorCode.forCode(code);
    }
}
