package io.brokkr.pluginhost;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.record.InterceptedBatch;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.RecordInterceptorFactory;
import io.brokkr.spi.record.RecordInterceptors;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The record interceptors that a plugin has made.
 *
 * @param name by which topics ask for them
 * @param settings those of topics that are without effect where topics do not ask for them
 * @param gate through which all calls go
 * @param faults is told what is wrong with the plugin
 */
public record PluginInterceptors(
        String name,
        List<TopicSetting<?>> settings,
        RecordInterceptors made,
        PluginGate gate,
        BiConsumer<String, Throwable> faults) {

    /** Has a factory of the plugin make them. */
    public static PluginInterceptors create(
            HostedPlugin plugin,
            RecordInterceptorFactory factory,
            BrokerServices broker,
            BiConsumer<String, Throwable> faults) {
        return plugin.call(() -> new PluginInterceptors(
                factory.name(), factory.topicSettings(), factory.create(broker), new PluginGate(plugin), faults));
    }

    /**
     * Asks for the interceptor of a topic.
     *
     * @param way {@link RecordInterceptors#onProduce} or {@link RecordInterceptors#onFetch}
     * @return null if the plugin has gone; with nothing in it if there is nothing to intercept
     * @throws ApiException {@code UNKNOWN_SERVER_ERROR} if the plugin failed
     */
    @Nullable
    AtomicReference<@Nullable RecordInterceptor> ask(
            Topic topic, BiFunction<RecordInterceptors, Topic, @Nullable RecordInterceptor> way) {
        AtomicReference<@Nullable RecordInterceptor> given = new AtomicReference<>();
        return pass(() -> given.set(way.apply(made, topic))) ? given : null;
    }

    /**
     * Has an interceptor judge a batch.
     *
     * @return false if the plugin has gone
     * @throws ApiException {@code UNKNOWN_SERVER_ERROR} if the plugin failed, {@code INVALID_RECORD} if it refuses a record
     */
    boolean show(InterceptedBatch batch, RecordInterceptor interceptor) {
        boolean there = pass(() -> batch.show(interceptor));
        batch.requireAccepted(name);
        return there;
    }

    private boolean pass(Runnable call) {
        try {
            return gate.pass(call);
        } catch (RuntimeException | LinkageError | StackOverflowError failure) {
            String what = "the record interceptor " + name + " of " + gate + " failed";
            faults.accept(what, failure);
            throw new ApiException(ErrorCode.UNKNOWN_SERVER_ERROR, what, failure);
        }
    }
}
