/**
 * Consumer groups as all clients know them (the classic protocol), and the offsets that they commit.
 *
 * <h2>The way of a request</h2>
 *
 * <p>A handler ({@code …Handler}, one an API) finds the {@code CoordinatorShard} of the group: one for each partition of {@code __consumer_offsets}, by the hash of
 * the group's id. The shard makes one {@code Decision} after the other. What a decision is, stands in small classes without state of their own: {@code
 * Joining}, {@code Syncing}, {@code Attendance} (heartbeat, leave), {@code Rebalancing} (from one generation to the next), {@code Committing}, {@code Expiring},
 * {@code Forgetting}, {@code Administration}.
 *
 * <h2>State</h2>
 *
 * <p>All that outlives the broker is in events. A decision writes them; {@code GroupRegistry.apply} makes their effect, when they happen and when they are read from
 * the log alike; {@code CoordinatorRecord} turns them into the records that Apache Kafka writes. The {@code Journal} appends them, several decisions in
 * a batch when the log is slow, and lets the answers go when the batch is committed. A shard whose append fails forgets its groups and reads them again.
 *
 * <p>Who is joining a rebalance that is under way is not written, as in Kafka: after a restart, the group stands where the last completed rebalance left it, and
 * the members find out with their next request.
 *
 * <h2>Deleted topics</h2>
 *
 * <p>Records of offsets name a topic by its name alone, so an offset must not outlive its topic. {@code TopicDeletions} has the tombstones written in all shards while
 * the deletion, and whoever takes the name, waits. A commit looks for its topic once more in the decision that writes it, which comes before that of the deletion, or
 * finds the topic gone. A shard that is read drops the offsets of topics that are gone: what a broker leaves that was killed meanwhile.
 *
 * <h2>Time</h2>
 *
 * <p>Sessions, rebalances and ids that were given out each have a {@code Deadline}. A heartbeat moves a number and no timer.
 */
@NullMarked
package io.brokkr.plugin.groups;

import org.jspecify.annotations.NullMarked;
