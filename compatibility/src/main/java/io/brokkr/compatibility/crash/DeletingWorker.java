package io.brokkr.compatibility.crash;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/** An administrator who deletes records from the front, anywhere up to the end. */
final class DeletingWorker extends Worker {

    private static final long PAUSE_MILLIS = 150;

    private final String bootstrapServer;
    private final Random random;
    private final Ledger ledger;

    DeletingWorker(String bootstrapServer, Random random, Ledger ledger) {
        super("administrator");
        this.bootstrapServer = bootstrapServer;
        this.random = random;
        this.ledger = ledger;
    }

    @Override
    void work() throws InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServer, "reconnect.backoff.max.ms", 100);
        try (Admin admin = Admin.create(settings)) {
            while (goesOn()) {
                for (TopicPartition partition : Topics.TRIMMED.partitions().toList()) {
                    delete(admin, partition);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    private void delete(Admin admin, TopicPartition partition) throws InterruptedException {
        try {
            long start = offset(admin, partition, OffsetSpec.earliest());
            long end = offset(admin, partition, OffsetSpec.latest());
            long before = random.nextInt(8) == 0 ? end : start + (end - start) / 2;
            ledger.delete(partition, before);
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        } catch (ExecutionException brokerIsGone) {
            // The next round deletes again; the ledger knows that this one may have been carried out.
        }
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        ListOffsetsResultInfo found = admin.listOffsets(Map.of(partition, which))
                .partitionResult(partition)
                .get();
        return found.offset();
    }
}
