package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.RecordCalls.fetchFrom;
import static io.brokkr.distribution.wire.RecordCalls.fetchRequest;
import static io.brokkr.distribution.wire.RecordCalls.fetchTopic;
import static io.brokkr.distribution.wire.RecordCalls.only;
import static io.brokkr.distribution.wire.RecordCalls.produce;
import static io.brokkr.distribution.wire.RecordCalls.records;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.Topic;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Incremental fetch sessions (KIP-227). Each test is a fault that a Kafka-compatible broker had. */
class FetchSessionsTest {

    private static final int FIRST = 7;

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    static IntStream versions() {
        return IntStream.rangeClosed(FIRST, NEWEST_FETCH);
    }

    private static FetchResponseData fetch(
            KafkaConnection connection, int version, int session, int epoch, FetchTopic... topics) {
        return connection.call(
                fetchRequest(topics).setSessionId(session).setSessionEpoch(epoch), version, new FetchResponseData());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void epoch0BeginsASessionAndEpochMinus1EndsIt(int version) {
        Topic topic = BROKER.topic();
        FetchTopic all = fetchTopic(version, topic, fetchFrom(0, 0));
        try (KafkaConnection connection = BROKER.connect()) {
            FetchResponseData first = fetch(connection, version, 0, 0, all);
            int session = first.sessionId();
            assertThat(session).isPositive();
            assertThat(only(first).errorCode()).isZero();

            FetchResponseData nothingNew = fetch(connection, version, session, 1);
            assertThat(nothingNew.sessionId()).isEqualTo(session);
            assertThat(nothingNew.responses()).isEmpty();

            produce(connection, NEWEST_PRODUCE, topic, batch("a"));
            FetchResponseData news = fetch(connection, version, session, 2);
            assertThat(TestRecords.values(records(only(news)))).containsExactly("a");

            FetchResponseData last = fetch(connection, version, session, -1, all);
            assertThat(last.sessionId()).isZero();
            assertThat(only(last).errorCode()).isZero();
            assertThat(Errors.forCode(fetch(connection, version, session, 3).errorCode()))
                    .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
    }

    @Test
    void anUnknownSessionAndAWrongEpochEachHaveTheirError() {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            assertThat(Errors.forCode(
                            fetch(connection, NEWEST_FETCH, 123_456_789, 1).errorCode()))
                    .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
            int session = fetch(connection, NEWEST_FETCH, 0, 0, fetchTopic(NEWEST_FETCH, topic, fetchFrom(0, 0)))
                    .sessionId();
            for (int wrong : new int[] {2, 7}) {
                assertThat(Errors.forCode(
                                fetch(connection, NEWEST_FETCH, session, wrong).errorCode()))
                        .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
            }
            // The session goes on where it was.
            assertThat(Errors.forCode(
                            fetch(connection, NEWEST_FETCH, session, 1).errorCode()))
                    .isEqualTo(Errors.NONE);
        }
    }
}
