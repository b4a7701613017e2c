package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.ALL;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_FETCH;
import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.RecordCalls.fetch;
import static io.brokkr.distribution.wire.RecordCalls.only;
import static io.brokkr.distribution.wire.RecordCalls.produce;
import static io.brokkr.distribution.wire.RecordCalls.produceRequest;
import static io.brokkr.distribution.wire.TestRecords.idempotent;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.distribution.wire.RecordCalls.Produced;
import io.brokkr.spi.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Producers that number their batches. Each test is a fault that a Kafka-compatible broker had. */
class IdempotentProducingTest {

    @RegisterExtension
    static final ShippedPlugins BROKER = new ShippedPlugins();

    private static long newProducer(KafkaConnection connection) {
        InitProducerIdRequestData request =
                new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(60_000);
        InitProducerIdResponseData answer = connection.call(request, 4, new InitProducerIdResponseData());
        assertThat(answer.errorCode()).isZero();
        return answer.producerId();
    }

    @Test
    void pipelinedRequestsAreAppendedAndAnsweredInTheirOrder() {
        Topic topic = BROKER.topic();
        int batches = 100;
        try (KafkaConnection connection = BROKER.connect()) {
            long producer = newProducer(connection);
            List<Integer> sent = new ArrayList<>();
            for (int i = 0; i < batches; i++) {
                sent.add(connection.send(
                        produceRequest(NEWEST_PRODUCE, topic, ALL, idempotent(producer, i)), NEWEST_PRODUCE));
            }
            for (int i = 0; i < batches; i++) {
                Produced outcome = only(connection.receive(sent.get(i), NEWEST_PRODUCE, new ProduceResponseData()));
                assertThat(outcome).isEqualTo(new Produced(Errors.NONE, i, -1));
            }
        }
    }

    @Test
    void aBatchOfTheLastFiveThatComesAgainGetsItsFirstOffset() {
        Topic topic = BROKER.topic();
        try (KafkaConnection connection = BROKER.connect()) {
            long producer = newProducer(connection);
            for (int i = 0; i < 8; i++) {
                produce(connection, NEWEST_PRODUCE, topic, idempotent(producer, i));
            }
            for (int i = 3; i < 8; i++) {
                assertThat(produce(connection, NEWEST_PRODUCE, topic, idempotent(producer, i)))
                        .isEqualTo(new Produced(Errors.NONE, i, -1));
            }
            assertThat(produce(connection, NEWEST_PRODUCE, topic, idempotent(producer, 9))
                            .error())
                    .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            assertThat(fetch(connection, NEWEST_FETCH, topic, 0).highWatermark())
                    .isEqualTo(8);
        }
    }
}
