package io.brokkr.spi;

/**
 * Names a partition.
 *
 * @param topic the topic's name
 * @param partition the partition's index, 0 or more
 */
public record TopicPartition(String topic, int partition) {

    /** As tools and folders write it: {@code topic-0}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
