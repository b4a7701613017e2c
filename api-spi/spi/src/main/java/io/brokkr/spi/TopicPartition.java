package io.brokkr.spi;

/**
 * Names a partition.
 *
 * @param topic the topic's name
 * @param partition the partition's index, 0 or more
 */
public record TopicPartition(String topic, int partition) {

    /** Written out, since it is asked for each partition of each request, and what a record gets by itself is slow until the JVM has compiled it. */
    @Override
    public int hashCode() {
        return topic.hashCode() * 31 + partition;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicPartition that && partition == that.partition && topic.equals(that.topic);
    }

    /** As tools and folders write it: {@code topic-0}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
