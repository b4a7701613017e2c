package io.brokkr.spi;

import java.util.Map;

/**
 * Something that has happened in the broker. Immutable.
 *
 * <p>What the broker and the plugins that ship with it tell:
 *
 * <ul>
 *   <li>{@code topic.created} and {@code topic.deleted}, with {@code id}, {@code partitions} and {@code internal}: the change is durable. The data of a deleted topic goes after that.
 *   <li>{@code group.rebalanced}, with {@code generation} and {@code members}, which is how many there are: all of them have an assignment, which is durable.
 *   <li>{@code segment.rolled}, of the topic whose log it is, with {@code partition} and {@code baseOffset}: the engine {@code log} has begun a new segment, at this offset.
 *   <li>{@code segment.moved}, of the topic whose log it is, with {@code partition}, {@code baseOffset} and {@code endOffset}: the engine {@code tiered} has moved these offsets into its cold tier.
 * </ul>
 *
 * @param type what has happened, such as {@code topic.created}
 * @param subject whom it concerns, such as the name of the topic
 * @param details what else there is to know
 * @param timestamp when it was told, in epoch milliseconds
 */
public record BrokerEvent(String type, String subject, Map<String, String> details, long timestamp) {

    /** Copies the details. */
    public BrokerEvent {
        details = Map.copyOf(details);
    }
}
