package io.brokkr.spi.storage;

import java.util.UUID;

/**
 * Names a log. Two topics of the same name, one after the other, have different ids, and so different logs.
 *
 * @param topicId the id of the topic, which is what tells logs apart
 * @param topic the topic's name, for folders and messages that people read
 * @param partition the index of the partition, 0 or more
 */
public record LogId(UUID topicId, String topic, int partition) {

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
