package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.record.RecordBatch;
import org.junit.jupiter.api.Test;

class ProducerTailsTest {

    private static RecordBatch data(long offset, long producer, long timestamp) {
        return RecordBatch.of(new KafkaBatch(offset)
                .producer(producer, (int) offset, false)
                .add(timestamp, "key", "value")
                .build());
    }

    private static ProducerTails tails(int most) {
        ProducerTails tails = new ProducerTails(100, most);
        tails.add(data(0, 1, 100));
        tails.add(data(1, 2, 100));
        tails.add(data(2, 1, 100));
        tails.add(data(3, 2, 100));
        return tails;
    }

    @Test
    void ofEachProducerOneBatchIsTheLast() {
        ProducerTails tails = tails(2);
        assertThat(tails.isLast(data(0, 1, 100))).isFalse();
        assertThat(tails.isLast(data(1, 2, 100))).isFalse();
        assertThat(tails.isLast(data(2, 1, 100))).isTrue();
        assertThat(tails.isLast(data(3, 2, 100))).isTrue();
        assertThat(tails.isLast(data(4, 3, 100))).isFalse();
    }

    @Test
    void ofOneForWhichThereIsNoRoomEveryBatchMayBeTheLast() {
        ProducerTails tails = tails(1);
        assertThat(tails.isLast(data(0, 1, 100))).isFalse();
        assertThat(tails.isLast(data(1, 2, 100))).isTrue();
        assertThat(tails.isLast(data(2, 1, 100))).isTrue();
        assertThat(tails.isLast(data(3, 2, 100))).isTrue();
        assertThat(tails.isLast(data(4, 3, 99)))
                .as("a batch of one who is forgotten")
                .isFalse();
    }
}
