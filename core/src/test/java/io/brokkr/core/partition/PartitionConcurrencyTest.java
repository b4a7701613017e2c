package io.brokkr.core.partition;

import static io.brokkr.core.partition.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.Partition;
import io.brokkr.spi.Partition.Appended;
import io.brokkr.spi.Partition.Durability;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.Partition.Read;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.RepeatedTest;

/** Several producers and consumers at once: everything arrives, once, in order, and everyone is woken. */
class PartitionConcurrencyTest {

    private static final int PRODUCERS = 3;
    private static final int BATCHES = 200;

    @Property(tries = 10)
    void allThatIsAppendedIsReadInOrder(@ForAll boolean synced) throws Exception {
        TestBroker broker = TestBroker.withTopic(Map.of("durability", synced ? "synced" : "written"));
        Partition partition = broker.partition();
        ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS + 1);
        try {
            Future<List<String>> consumer = threads.submit(() -> consume(partition));
            List<Future<List<Appended>>> producers = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                long id = 1L + i;
                producers.add(threads.submit(() -> produce(partition, id)));
            }
            List<String> consumed = consumer.get(20, TimeUnit.SECONDS);
            for (int i = 0; i < PRODUCERS; i++) {
                List<Appended> answers = producers.get(i).get(20, TimeUnit.SECONDS);
                long before = -1;
                for (int sequence = 0; sequence < BATCHES; sequence++) {
                    long offset = answers.get(sequence).baseOffset();
                    assertThat(offset).isGreaterThan(before);
                    assertThat(consumed.get((int) offset)).isEqualTo((1 + i) + "/" + sequence);
                    before = offset;
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Appended> produce(Partition partition, long id) {
        List<CompletionStage<Appended>> answers = new ArrayList<>();
        for (int sequence = 0; sequence < BATCHES; sequence++) {
            answers.add(partition.append(
                    TestBatches.idempotent(id, 0, sequence, id + "/" + sequence), Durability.COMMITTED));
        }
        return answers.stream().map(TestBroker::get).toList();
    }

    private static List<String> consume(Partition partition) throws InterruptedException {
        List<String> consumed = new ArrayList<>();
        while (consumed.size() < PRODUCERS * BATCHES) {
            CountDownLatch more = new CountDownLatch(1);
            partition.await(consumed.size(), Isolation.READ_UNCOMMITTED, more::countDown);
            if (!more.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody woke the consumer at " + consumed.size());
            }
            Read read = get(partition.read(consumed.size(), 1 << 20, true, Isolation.READ_UNCOMMITTED));
            for (RecordBatch batch : TestBatches.batches(read.records())) {
                assertThat(batch.baseOffset()).isEqualTo(consumed.size());
                assertThat(batch.isCrcValid()).isTrue();
                batch.records()
                        .forEach(record -> consumed.add(
                                StandardCharsets.UTF_8.decode(record.value()).toString()));
            }
        }
        return consumed;
    }

    /** Appends and a deletion at once: every stage ends one way or the other, and nobody waits for ever. */
    @RepeatedTest(20)
    void aDeletionEndsEverything() throws Exception {
        TestBroker broker = TestBroker.withTopic(Map.of());
        Partition partition = broker.partition();
        List<CompletableFuture<?>> stages = new ArrayList<>();
        CountDownLatch half = new CountDownLatch(1);
        Thread producer = new Thread(() -> {
            for (int i = 0; i < 200; i++) {
                stages.add(partition
                        .append(TestBatches.batch("v"), Durability.COMMITTED)
                        .toCompletableFuture());
                if (i == 100) {
                    half.countDown();
                }
            }
        });
        CountDownLatch woken = new CountDownLatch(1);
        partition.await(1_000, Isolation.READ_UNCOMMITTED, woken::countDown);
        producer.start();
        assertThat(half.await(20, TimeUnit.SECONDS)).isTrue();
        get(broker.topics.delete(partition.topicId()));
        producer.join(20_000);
        assertThat(woken.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(stages).hasSize(200).allMatch(CompletableFuture::isDone);
    }
}
