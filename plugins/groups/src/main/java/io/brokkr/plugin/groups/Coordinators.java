package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.CoordinatorShard.Choice;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The way from a group to the shard that has it. Thread-safe. */
final class Coordinators {

    private final BrokerServices broker;
    private final OffsetsTopic topic;
    private final GroupSettings settings;
    private final Rebalancing rebalancing;
    private final Forgetting forgetting;
    private volatile @Nullable Shards current;

    Coordinators(
            BrokerServices broker,
            OffsetsTopic topic,
            GroupSettings settings,
            Rebalancing rebalancing,
            Forgetting forgetting) {
        this.broker = broker;
        this.topic = topic;
        this.settings = settings;
        this.rebalancing = rebalancing;
        this.forgetting = forgetting;
    }

    /** The shards of one topic; a topic that was deleted and created again has other ones. */
    private record Shards(UUID topicId, List<CoordinatorShard> byPartition) {

        boolean areOf(Topic topic) {
            return topicId.equals(topic.id()) && byPartition.size() == topic.partitionCount();
        }
    }

    /** Has a decision on a group made. */
    <T> CompletionStage<T> decide(String groupId, Choice<T> choice) {
        return shardOf(groupId).thenCompose(shard -> shard.decide(choice));
    }

    /** Has a decision on a group made that is answered at once. */
    <T> CompletionStage<T> ask(String groupId, Function<Decision, T> question) {
        return shardOf(groupId).thenCompose(shard -> shard.ask(question));
    }

    private CompletionStage<CoordinatorShard> shardOf(String groupId) {
        return topic.findOrCreate().thenApply(found -> {
            List<CoordinatorShard> shards = shardsOf(found);
            return shards.get(partitionOf(groupId, shards.size()));
        });
    }

    /** Which partition keeps a group: the same one as in Kafka, or its tools would look in vain. */
    static int partitionOf(String groupId, int partitionCount) {
        int hash = groupId.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitionCount;
    }

    /** All shards; none if no group was ever used. */
    List<CoordinatorShard> all() {
        Topic found = topic.find();
        return found == null ? List.of() : shardsOf(found);
    }

    /** Has a decision made on each shard that is in memory. */
    void decideWhereLoaded(Consumer<Decision> choice) {
        Shards shards = current;
        if (shards != null) {
            shards.byPartition().forEach(shard -> shard.decideIfLoaded(choice));
        }
    }

    private List<CoordinatorShard> shardsOf(Topic found) {
        Shards shards = current;
        return shards != null && shards.areOf(found) ? shards.byPartition() : exchange(found);
    }

    private synchronized List<CoordinatorShard> exchange(Topic found) {
        Shards before = current;
        if (before != null && before.areOf(found)) {
            return before.byPartition();
        }
        Shards now = new Shards(
                found.id(),
                IntStream.range(0, found.partitionCount())
                        .mapToObj(this::newShard)
                        .toList());
        current = now;
        close(before);
        return now.byPartition();
    }

    private CoordinatorShard newShard(int partition) {
        return new CoordinatorShard(
                () -> topic.open(new TopicPartition(OffsetsTopic.NAME, partition)),
                settings,
                rebalancing,
                forgetting,
                broker.clock(),
                broker.scheduler());
    }

    /** Refuses everyone who waits. */
    synchronized void close() {
        close(current);
        current = null;
    }

    private static void close(@Nullable Shards shards) {
        if (shards != null) {
            ApiException reason = new ApiException(ErrorCode.NOT_COORDINATOR, "the coordinator was closed");
            shards.byPartition().forEach(shard -> shard.close(reason));
        }
    }
}
