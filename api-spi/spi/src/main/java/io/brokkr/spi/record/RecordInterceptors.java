package io.brokkr.spi.record;

import io.brokkr.spi.Topic;
import org.jspecify.annotations.Nullable;

/** Says for each topic how its records are intercepted. Thread-safe. */
public interface RecordInterceptors {

    /**
     * The interceptor of what is produced to a topic that names this one in {@code record.interceptors}. Asked for each partition that is opened, so it should be quick; the same answer may be given again.
     * If it throws, produce requests fail as if the interceptor were not loaded.
     *
     * @param topic with the settings in force
     * @return null if there is nothing to look at in this topic
     */
    @Nullable
    RecordInterceptor onProduce(Topic topic);

    /**
     * The interceptor of what consumers read of a topic that names this one in {@code record.interceptors.fetch}; as with {@link #onProduce}. If it throws, consumers read nothing.
     *
     * @param topic with the settings in force
     * @return null if there is nothing to look at in this topic
     */
    default @Nullable RecordInterceptor onFetch(Topic topic) {
        return null;
    }
}
