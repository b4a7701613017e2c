package io.brokkr.plugin.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeClusterRequest;
import io.brokkr.protocol.message.DescribeClusterResponse;
import io.brokkr.storage.memory.MemoryStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.WireClient;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The brokers and nothing but the brokers. */
class DescribeClusterTest {

    private static final Api<DescribeClusterRequest> API = DescribeClusterRequest.API;

    private static EmbeddedBroker broker;
    private static WireClient client;

    @BeforeContainer
    static void start() {
        broker = EmbeddedBroker.builder()
                .extension(MemoryStorageEngineFactory::new)
                .extension(MetadataHandlers::new)
                .setting("advertised.listeners", "PLAINTEXT://kafka.example.org:12345")
                .start();
        client = broker.connect();
    }

    @AfterContainer
    static void stop() {
        client.close();
        broker.close();
    }

    @Provide
    Arbitrary<Integer> versions() {
        return Arbitraries.of(IntStream.rangeClosed(API.lowestVersion(), API.highestVersion())
                .boxed()
                .toList());
    }

    /** The address is the advertised one, with its own port. */
    @Property
    void everyVersionTellsTheBrokersAsTheyAdvertiseThemselves(
            @ForAll("versions") int version, @ForAll boolean asksWhatMayBeDone) {
        DescribeClusterResponse response = ask(
                DescribeClusterRequest.builder()
                        .includeClusterAuthorizedOperations(asksWhatMayBeDone)
                        .build(),
                version);

        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(response.clusterId()).isEqualTo(broker.services().cluster().id());
        assertThat(response.controllerId())
                .isEqualTo(broker.services().cluster().brokerId());
        assertThat(response.brokers()).singleElement().satisfies(node -> {
            assertThat(node.brokerId()).isEqualTo(broker.services().cluster().brokerId());
            assertThat(node.host()).isEqualTo("kafka.example.org");
            assertThat(node.port()).isEqualTo(12345);
            assertThat(node.rack()).isNull();
            assertThat(node.isFenced()).isFalse();
        });
        assertThat(response.clusterAuthorizedOperations())
                .isEqualTo(asksWhatMayBeDone ? 0b1_1111_1010_0000 : Integer.MIN_VALUE);
    }

    @Property
    void controllersAreNotToBeFoundHere(@ForAll byte endpointType) {
        DescribeClusterResponse response =
                ask(DescribeClusterRequest.builder().endpointType(endpointType).build(), 1);

        ErrorCode expected = endpointType == 1
                ? ErrorCode.NONE
                : endpointType == 2 ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE;
        assertThat(ErrorCode.forCode(response.errorCode())).isEqualTo(expected);
    }

    private static DescribeClusterResponse ask(DescribeClusterRequest request, int version) {
        return client.call(API, request, version, DescribeClusterResponse::read);
    }
}
