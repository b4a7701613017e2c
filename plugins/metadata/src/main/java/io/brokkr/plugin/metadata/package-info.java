/**
 * Who is where: the APIs by which clients find brokers, topics, and the leaders of partitions.
 *
 * <p>{@link io.brokkr.plugin.metadata.MetadataHandler} is what every client asks before it produces or consumes; {@link
 * io.brokkr.plugin.metadata.TopicLookup} finds the topics of such a request that the client may know of, and creates those that clients may create by asking for them. {@link
 * io.brokkr.plugin.metadata.DescribeTopicPartitionsHandler} tells the same page by page (KIP-966), {@link
 * io.brokkr.plugin.metadata.DescribeClusterHandler} tells of the brokers alone (KIP-700).
 *
 * <p>A broker tells the address that it advertises on the listener by which the client came.
 */
@NullMarked
package io.brokkr.plugin.metadata;

import org.jspecify.annotations.NullMarked;
