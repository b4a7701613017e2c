package io.brokkr.pluginhost;

import io.brokkr.spi.ApiException;
import io.brokkr.spi.Topic;
import io.brokkr.spi.record.InterceptedBatch;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.RecordInterceptors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The interceptors of one way of a topic's records, in the order in which it names them, as long as no plugin comes or goes. Thread-safe: it does not change once it is made. */
public final class InterceptorChain {

    private final List<Link> links = new ArrayList<>();
    private final @Nullable ApiException refusal;
    private boolean quick = true;

    private record Link(PluginInterceptors plugin, RecordInterceptor interceptor) {}

    private InterceptorChain(@Nullable ApiException refusal) {
        this.refusal = refusal;
    }

    /** One that lets nothing through. */
    public static InterceptorChain refusing(ApiException refusal) {
        return new InterceptorChain(refusal);
    }

    /**
     * Asks the plugins for their interceptors of a topic.
     *
     * @param way {@link RecordInterceptors#onProduce} or {@link RecordInterceptors#onFetch}
     * @param plugins null for one that is not there
     * @return null if there is nothing to intercept
     * @throws ApiException if a plugin failed, or {@code gone} if it is not there, or not there any more
     */
    public static @Nullable InterceptorChain of(
            Topic topic,
            List<@Nullable PluginInterceptors> plugins,
            BiFunction<RecordInterceptors, Topic, @Nullable RecordInterceptor> way,
            Supplier<ApiException> gone) {
        InterceptorChain chain = new InterceptorChain(null);
        for (PluginInterceptors plugin : plugins) {
            AtomicReference<@Nullable RecordInterceptor> given = plugin == null ? null : plugin.ask(topic, way);
            if (plugin == null || given == null) {
                throw gone.get();
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
     * Shows a batch to all of them, until nothing is left to be shown.
     *
     * @return false if a plugin has gone meanwhile
     * @throws ApiException if the batch is refused
     * @throws io.brokkr.protocol.record.InvalidRecordBatchException if it cannot be opened or written
     */
    boolean show(InterceptedBatch batch) {
        if (refusal != null) {
            throw refusal;
        }
        return links.stream()
                .allMatch(link -> batch.isWithoutRecords() || link.plugin().show(batch, link.interceptor()));
    }
}
