package io.brokkr.plugin.fetch;

import static io.brokkr.plugin.fetch.FetchingBroker.NEWEST;
import static io.brokkr.plugin.fetch.FetchingBroker.fetch;
import static io.brokkr.plugin.fetch.FetchingBroker.fetchFrom;
import static io.brokkr.plugin.fetch.FetchingBroker.fetchTopic;
import static io.brokkr.plugin.fetch.FetchingBroker.partitions;
import static io.brokkr.plugin.fetch.FetchingBroker.produce;
import static io.brokkr.plugin.fetch.FetchingBroker.request;
import static io.brokkr.plugin.fetch.FetchingBroker.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchRequest.FetchTopic;
import io.brokkr.protocol.message.FetchRequest.ForgottenTopic;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.spi.Topic;
import io.brokkr.testkit.WireClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Incremental fetch sessions (KIP-227), over a socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FetchSessionTest {

    private FetchingBroker broker;

    @BeforeAll
    void start() {
        broker = new FetchingBroker();
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private static FetchRequest in(int session, int epoch, FetchTopic... topics) {
        return request(topics).sessionId(session).sessionEpoch(epoch).build();
    }

    private static FetchResponse opened(WireClient client, FetchTopic... topics) {
        FetchResponse response = fetch(client, NEWEST, in(0, FetchSession.INITIAL_EPOCH, topics));
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(response.sessionId()).isPositive();
        return response;
    }

    @Test
    void aSessionTellsAllFirstAndThenOnlyNews() throws Exception {
        Topic topic = broker.topic("news", 3);
        try (WireClient client = broker.connect()) {
            FetchResponse first =
                    opened(client, fetchTopic(NEWEST, topic, fetchFrom(0, 0), fetchFrom(1, 0), fetchFrom(2, 0)));
            int session = first.sessionId();
            assertThat(partitions(first))
                    .extracting(PartitionData::partitionIndex)
                    .containsExactly(0, 1, 2);

            assertThat(partitions(fetch(client, NEWEST, in(session, 1)))).isEmpty();

            produce(client, topic, 1, "a");
            FetchResponse news = fetch(client, NEWEST, in(session, 2));
            assertThat(news.sessionId()).isEqualTo(session);
            assertThat(partitions(news))
                    .extracting(PartitionData::partitionIndex)
                    .containsExactly(1);
            assertThat(values(partitions(news).get(0))).containsExactly("a");

            assertThat(partitions(fetch(client, NEWEST, in(session, 3, fetchTopic(NEWEST, topic, fetchFrom(1, 1))))))
                    .as("the client has read what there was")
                    .isEmpty();
        }
    }

    @Test
    void partitionsCanBeForgottenAndAdded() throws Exception {
        Topic topic = broker.topic("forgotten", 2);
        try (WireClient client = broker.connect()) {
            produce(client, topic, 0, "a");
            produce(client, topic, 1, "b");
            int session =
                    opened(client, fetchTopic(NEWEST, topic, fetchFrom(0, 0))).sessionId();
            FetchRequest swap = in(session, 1, fetchTopic(NEWEST, topic, fetchFrom(1, 0))).toBuilder()
                    .forgottenTopicsData(List.of(ForgottenTopic.builder()
                            .topicId(topic.id())
                            .partitions(List.of(0))
                            .build()))
                    .build();
            List<PartitionData> told = partitions(fetch(client, NEWEST, swap));
            assertThat(told).extracting(PartitionData::partitionIndex).containsExactly(1);
        }
    }

    @Test
    void aPartitionThatWasToldOfGoesToTheEndOfTheLine() throws Exception {
        Topic topic = broker.topic("fair", 2);
        try (WireClient client = broker.connect()) {
            produce(client, topic, 0, "a");
            produce(client, topic, 1, "b");
            int session = opened(client, fetchTopic(NEWEST, topic, fetchFrom(0, 0), fetchFrom(1, 0)))
                    .sessionId();
            FetchRequest tiny = in(session, 1).toBuilder().maxBytes(1).build();
            assertThat(values(partitions(fetch(client, NEWEST, tiny)).get(0))).containsExactly("a");
            FetchRequest again = in(session, 2).toBuilder().maxBytes(1).build();
            assertThat(values(partitions(fetch(client, NEWEST, again)).get(0))).containsExactly("b");
        }
    }

    @Test
    void unknownSessionsAndWrongEpochsAreRefused() throws Exception {
        Topic topic = broker.topic("refused", 1);
        try (WireClient client = broker.connect()) {
            assertThat(fetch(client, NEWEST, in(123_456, 1)).errorCode())
                    .isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND.code());
            int session =
                    opened(client, fetchTopic(NEWEST, topic, fetchFrom(0, 0))).sessionId();
            assertThat(fetch(client, NEWEST, in(session, 5)).errorCode())
                    .isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH.code());
            assertThat(fetch(client, 12, in(session, 1)).errorCode())
                    .isEqualTo(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR.code());
            assertThat(fetch(client, NEWEST, in(session, 1)).errorCode()).isEqualTo(ErrorCode.NONE.code());
        }
    }

    @Test
    void theFinalEpochEndsASession() throws Exception {
        Topic topic = broker.topic("final", 1);
        try (WireClient client = broker.connect()) {
            int session =
                    opened(client, fetchTopic(NEWEST, topic, fetchFrom(0, 0))).sessionId();
            FetchResponse last = fetch(
                    client, NEWEST, in(session, FetchSession.FINAL_EPOCH, fetchTopic(NEWEST, topic, fetchFrom(0, 0))));
            assertThat(last.sessionId()).isZero();
            assertThat(partitions(last)).hasSize(1);
            assertThat(fetch(client, NEWEST, in(session, 1)).errorCode())
                    .isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND.code());
        }
    }
}
