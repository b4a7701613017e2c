package io.brokkr.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.DescribeClusterRequest;
import io.brokkr.protocol.message.DescribeClusterResponse;
import io.brokkr.spi.ApiHandler;
import org.junit.jupiter.api.Test;

class HandlerHarnessTest {

    @Test
    @SuppressWarnings("unchecked")
    void answersAsTheClientWouldSeeIt() {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .extension(RefusingEngine.Factory::new)
                .extension(ClusterHandlers::new)
                .start()) {
            ApiHandler<DescribeClusterRequest> handler = (ApiHandler<DescribeClusterRequest>)
                    new ClusterHandlers().create(broker.services()).get(0);
            HandlerHarness<DescribeClusterRequest, DescribeClusterResponse> harness =
                    new HandlerHarness<>(handler, DescribeClusterResponse::read);
            for (int version = 0; version <= handler.api().highestVersion(); version++) {
                DescribeClusterRequest.Builder request = DescribeClusterRequest.builder();
                assertThat(harness.call(request.build(), version))
                        .isCompletedWithValueMatching(response -> response.clusterId()
                                .equals(broker.services().cluster().id()));
                assertThat(harness.call(
                                request.includeClusterAuthorizedOperations(true).build(), version))
                        .isCompletedWithValueMatching(
                                response -> response.errorCode() == ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
            }
        }
    }
}
