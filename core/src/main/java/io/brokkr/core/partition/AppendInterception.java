package io.brokkr.core.partition;

import io.brokkr.pluginhost.Interception;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.record.InterceptedBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Has interceptors look at what is appended to one partition. Thread-safe. */
record AppendInterception(Interception interception, CompressionCodecs codecs) {

    /**
     * Gives what is to be stored: the same bytes if nobody changes anything.
     *
     * @throws io.brokkr.spi.ApiException if it is not to be stored
     */
    ByteBuffer apply(ByteBuffer batches, AppendRules rules) {
        if (interception.isNone()) {
            return batches;
        }
        try {
            List<RecordBatch> passed = new ArrayList<>(1);
            boolean changed = false;
            for (RecordBatch batch : RecordBatches.complete(batches)) {
                RecordBatch stored =
                        interception.show(() -> InterceptedBatch.produced(batch, codecs, rules.maxBatchBytes()));
                if (stored == null) {
                    throw PartitionRegistry.stopping();
                }
                changed |= stored != batch;
                passed.add(stored);
            }
            return changed ? BatchConversion.together(passed) : batches;
        } catch (InvalidRecordBatchException invalid) {
            throw BatchValidator.refusal(invalid);
        }
    }
}
