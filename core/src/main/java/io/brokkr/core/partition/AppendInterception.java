package io.brokkr.core.partition;

import io.brokkr.pluginhost.InterceptorChain;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordBatches;
import io.brokkr.spi.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has interceptors look at what is appended to one partition. Thread-safe. */
final class AppendInterception {

    private final Interceptors interceptors;
    private final CompressionCodecs codecs;
    private volatile @Nullable InterceptorChain chain;

    AppendInterception(Interceptors interceptors, CompressionCodecs codecs) {
        this.interceptors = interceptors;
        this.codecs = codecs;
    }

    /** Asks who intercepts; the topic is asked for under the lock, so that the newest counts. */
    synchronized void renew(Supplier<Topic> topic) {
        chain = interceptors.chain(topic.get());
    }

    boolean isNone() {
        return chain == null;
    }

    /** Whether an event loop has no time for it. */
    boolean takesLong() {
        InterceptorChain now = chain;
        return now != null && !now.isQuick();
    }

    /**
     * Gives what is to be stored: the same bytes if nobody changes anything.
     *
     * @throws io.brokkr.spi.ApiException if it is not to be stored
     */
    ByteBuffer apply(ByteBuffer batches, AppendRules rules) {
        try {
            for (InterceptorChain now = chain; now != null; now = chain) {
                ByteBuffer passed = pass(now, batches, rules);
                if (passed != null) {
                    return passed;
                }
                // A plugin has gone meanwhile: another took its place, or the broker ends.
                if (now == chain) {
                    throw PartitionRegistry.stopping();
                }
            }
            return batches;
        } catch (InvalidRecordBatchException invalid) {
            throw BatchValidator.refusal(invalid);
        }
    }

    private @Nullable ByteBuffer pass(InterceptorChain now, ByteBuffer batches, AppendRules rules) {
        List<RecordBatch> passed = new ArrayList<>(1);
        boolean changed = false;
        for (RecordBatch batch : RecordBatches.complete(batches)) {
            RecordBatch stored = now.show(batch, codecs, rules.maxBatchBytes());
            if (stored == null) {
                return null;
            }
            changed |= stored != batch;
            passed.add(stored);
        }
        return changed ? BatchConversion.together(passed) : batches;
    }
}
