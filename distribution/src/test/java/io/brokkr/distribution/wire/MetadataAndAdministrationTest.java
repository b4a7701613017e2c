package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.RecordCalls.produce;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.Topic;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients learn of the cluster, and what tools ask for. Each test is a fault that a Kafka-compatible broker had. */
class MetadataAndAdministrationTest {

    private static final byte TOPIC = 2;
    private static final byte BROKER_RESOURCE = 4;

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    static IntStream versions() {
        return IntStream.rangeClosed(0, ApiKeys.METADATA.latestVersion());
    }

    private static int self() {
        return BROKER.broker().services().cluster().brokerId();
    }

    private static MetadataResponseData metadata(int version, MetadataRequestData request) {
        try (KafkaConnection connection = BROKER.connect()) {
            return connection.call(request, version, new MetadataResponseData());
        }
    }

    private static MetadataRequestData of(String topic) {
        return new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(topic)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void allTopicsAreAskedForByNullAndAtTheFirstVersionByAnEmptyList(int version) {
        String topic = BROKER.topic().name();
        MetadataRequestData empty = new MetadataRequestData().setTopics(List.of());
        MetadataRequestData all = version == 0 ? empty : new MetadataRequestData().setTopics(null);
        assertThat(metadata(version, all).topics().find(topic)).isNotNull();
        if (version > 0) {
            assertThat(metadata(version, empty).topics()).isEmpty();
        }
    }

    /** LEADER_NOT_AVAILABLE, which Kafka answers once, is more than some clients handle. */
    @ParameterizedTest
    @MethodSource("versions")
    void aTopicThatIsCreatedInPassingIsThereWithItsLeaderInTheSameAnswer(int version) {
        MetadataResponseData answer = metadata(version, of("in-passing-" + version));
        assertThat(answer.topics()).singleElement().satisfies(topic -> {
            assertThat(Errors.forCode(topic.errorCode())).isEqualTo(Errors.NONE);
            assertThat(topic.partitions()).isNotEmpty().allSatisfy(partition -> {
                assertThat(Errors.forCode(partition.errorCode())).isEqualTo(Errors.NONE);
                assertThat(partition.leaderId()).isEqualTo(self());
            });
        });
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyPartitionHasALeaderReplicasAndInSyncReplicas(int version) {
        Topic created = BROKER.topic(3, Map.of());
        MetadataResponseTopic topic =
                metadata(version, of(created.name())).topics().find(created.name());
        assertThat(topic.partitions()).hasSize(3).allSatisfy(partition -> {
            assertThat(partition.leaderId()).isEqualTo(self());
            assertThat(partition.replicaNodes()).containsExactly(self());
            assertThat(partition.isrNodes()).containsExactly(self());
            assertThat(partition.offlineReplicas()).isEmpty();
            assertThat(partition.leaderEpoch()).isEqualTo(version < 7 ? -1 : 0);
        });
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theControllerIsABrokerAndTheAddressThatOfTheListenerWithItsPortOnce(int version) {
        MetadataResponseData answer = metadata(version, of(BROKER.topic().name()));
        assertThat(answer.brokers()).singleElement().satisfies(broker -> {
            assertThat(broker.nodeId()).isEqualTo(self());
            assertThat(broker.host()).isEqualTo("localhost");
            assertThat(broker.port()).isEqualTo(BROKER.broker().address().getPort());
        });
        if (version >= 1) {
            assertThat(answer.controllerId()).isEqualTo(self());
        }
    }

    @Test
    void toolsLearnOfTheCluster() {
        try (KafkaConnection connection = BROKER.connect()) {
            for (int version = 0; version <= ApiKeys.DESCRIBE_CLUSTER.latestVersion(); version++) {
                DescribeClusterResponseData answer =
                        connection.call(new DescribeClusterRequestData(), version, new DescribeClusterResponseData());
                assertThat(answer.errorCode()).isZero();
                assertThat(answer.clusterId())
                        .isEqualTo(BROKER.broker().services().cluster().id());
                assertThat(answer.controllerId()).isEqualTo(self());
                assertThat(answer.brokers()).singleElement().satisfies(broker -> {
                    assertThat(broker.host()).isEqualTo("localhost");
                    assertThat(broker.port())
                            .isEqualTo(BROKER.broker().address().getPort());
                });
            }
        }
    }

    @Test
    void toolsLearnOfTheFoldersAndTheSizesOfLogs() {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            produce(connection, NEWEST_PRODUCE, topic, batch("v"));
            for (int version = 1; version <= ApiKeys.DESCRIBE_LOG_DIRS.latestVersion(); version++) {
                DescribeLogDirsResponseData answer = connection.call(
                        new DescribeLogDirsRequestData().setTopics(null), version, new DescribeLogDirsResponseData());
                assertThat(answer.results()).singleElement().satisfies(folder -> {
                    assertThat(Errors.forCode(folder.errorCode())).isEqualTo(Errors.NONE);
                    assertThat(folder.logDir())
                            .isEqualTo(BROKER.broker().dataFolder().toString());
                    assertThat(folder.topics())
                            .filteredOn(log -> log.name().equals(topic.name()))
                            .singleElement()
                            .satisfies(log -> assertThat(log.partitions().get(0).partitionSize())
                                    .isEqualTo(batch("v").limit()));
                });
            }
        }
    }

    @Test
    void toolsLearnOfTheSettingsOfTopicsAndOfTheBroker() {
        Topic topic = BROKER.topic(1, Map.of("retention.ms", "12345"));
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setResources(List.of(
                        new DescribeConfigsResource()
                                .setResourceType(TOPIC)
                                .setResourceName(topic.name())
                                .setConfigurationKeys(null),
                        new DescribeConfigsResource()
                                .setResourceType(BROKER_RESOURCE)
                                .setResourceName(Integer.toString(self()))
                                .setConfigurationKeys(null)));
        try (KafkaConnection connection = BROKER.connect()) {
            for (int version = 1; version <= ApiKeys.DESCRIBE_CONFIGS.latestVersion(); version++) {
                List<DescribeConfigsResult> results = connection
                        .call(request, version, new DescribeConfigsResponseData())
                        .results();
                assertThat(results).extracting(DescribeConfigsResult::errorCode).containsOnly((short) 0);
                assertThat(results.get(0).configs())
                        .filteredOn(setting -> setting.name().equals("retention.ms"))
                        .singleElement()
                        .satisfies(setting -> assertThat(setting.value()).isEqualTo("12345"));
                assertThat(results.get(1).configs())
                        .extracting(setting -> setting.name())
                        .contains("listeners");
            }
        }
    }

    @Test
    void toolsLearnThatNoPartitionMoves() {
        try (KafkaConnection connection = BROKER.connect()) {
            ListPartitionReassignmentsResponseData answer = connection.call(
                    new ListPartitionReassignmentsRequestData().setTopics(null),
                    0,
                    new ListPartitionReassignmentsResponseData());
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.topics()).isEmpty();
        }
    }
}
