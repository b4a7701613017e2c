package io.brokkr.storage.log;

import io.brokkr.spi.storage.LogId;
import java.util.UUID;

/** What tells logs apart in a {@link Journal}, which does not keep the names of topics. */
record LogKey(UUID topicId, int partition) {

    static LogKey of(LogId id) {
        return new LogKey(id.topicId(), id.partition());
    }
}
