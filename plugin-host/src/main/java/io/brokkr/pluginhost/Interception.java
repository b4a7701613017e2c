package io.brokkr.pluginhost;

import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.record.InterceptedBatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One way of one partition's records, and the interceptors that stand there, who change when plugins come and go and when the topic's settings do. Thread-safe. */
public final class Interception {

    private volatile @Nullable InterceptorChain chain;

    /** Makes one with nobody there. */
    public Interception() {}

    /**
     * Asks who intercepts.
     *
     * @param asked gives null for nobody; it is called under the lock, so that the newest answer counts
     */
    public synchronized void renew(Supplier<@Nullable InterceptorChain> asked) {
        chain = asked.get();
    }

    /** Whether nobody intercepts, which costs one look. */
    public boolean isNone() {
        return chain == null;
    }

    /** Whether an event loop has no time for it. */
    public boolean takesLong() {
        InterceptorChain now = chain;
        return now != null && !now.isQuick();
    }

    /**
     * Has all of them look at a batch, and again if a plugin gives its place to another meanwhile.
     *
     * @param opened gives the batch as it came; called again for each attempt
     * @return what became of the batch, null if a plugin has gone and none took its place, since the broker ends
     * @throws io.brokkr.spi.ApiException if it is refused
     * @throws io.brokkr.protocol.record.InvalidRecordBatchException if it cannot be opened or written
     */
    public @Nullable RecordBatch show(Supplier<InterceptedBatch> opened) {
        InterceptedBatch batch = opened.get();
        for (InterceptorChain now = chain; now != null; now = chain) {
            if (now.show(batch)) {
                return batch.batch();
            }
            if (now == chain) {
                return null;
            }
            batch = opened.get();
        }
        return batch.batch();
    }
}
