package io.brokkr.pluginhost;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Topic;
import io.brokkr.spi.record.InterceptedBatch;
import io.brokkr.spi.record.RecordInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The interceptors of a topic, in the order in which it names them, as long as no plugin comes or goes. Thread-safe: it does not change once it is made. */
public final class InterceptorChain {

    private final List<Link> links = new ArrayList<>();
    private final @Nullable ApiException refusal;
    private boolean quick = true;

    private record Link(PluginInterceptors plugin, RecordInterceptor interceptor) {}

    private InterceptorChain(@Nullable ApiException refusal) {
        this.refusal = refusal;
    }

    /** One that lets nothing in. */
    public static InterceptorChain refusing(ApiException refusal) {
        return new InterceptorChain(refusal);
    }

    /**
     * Asks the plugins for their interceptors of a topic.
     *
     * @return null if there is nothing to intercept
     * @throws ApiException if a plugin failed, or {@code gone} if it has gone
     */
    public static @Nullable InterceptorChain of(Topic topic, List<PluginInterceptors> plugins, ApiException gone) {
        InterceptorChain chain = new InterceptorChain(null);
        for (PluginInterceptors plugin : plugins) {
            AtomicReference<@Nullable RecordInterceptor> given = plugin.onProduce(topic);
            if (given == null) {
                throw gone;
            }
            RecordInterceptor interceptor = given.get();
            if (interceptor != null) {
                chain.links.add(new Link(plugin, interceptor));
                chain.quick &= interceptor.isQuick();
            }
        }
        return chain.links.isEmpty() ? null : chain;
    }

    /** Whether an event loop has the time for it. */
    public boolean isQuick() {
        return quick;
    }

    /**
     * Shows a batch to all of them.
     *
     * @param maximumSize the most bytes that the result may have
     * @return the same batch if nobody changes it; null if a plugin has gone
     * @throws ApiException if the batch is refused
     * @throws io.brokkr.protocol.record.InvalidRecordBatchException if it cannot be opened or written
     */
    public @Nullable RecordBatch show(RecordBatch batch, CompressionCodecs codecs, int maximumSize) {
        if (refusal != null) {
            throw refusal;
        }
        InterceptedBatch shown = new InterceptedBatch(batch, codecs, maximumSize);
        boolean there = batch.isControl()
                || links.stream().allMatch(link -> link.plugin().show(shown, link.interceptor()));
        return there ? shown.batch() : null;
    }
}
