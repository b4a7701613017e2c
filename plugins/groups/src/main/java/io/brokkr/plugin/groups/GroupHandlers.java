package io.brokkr.plugin.groups;

import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.Topics;
import java.util.List;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Makes the handlers of this plugin, and the coordinator behind them. */
public final class GroupHandlers implements ApiHandlerFactory {

    private @Nullable Coordinators coordinators;
    private Scheduler.@Nullable Timer expiryTimer;

    /** For {@link java.util.ServiceLoader}. */
    public GroupHandlers() {}

    @Override
    public List<Setting<?>> settings() {
        return GroupSettings.ALL;
    }

    @Override
    public List<ApiHandler<?>> create(BrokerServices broker) {
        GroupSettings settings = GroupSettings.of(broker.configuration());
        Rebalancing rebalancing = new Rebalancing(settings, broker.clock());
        OffsetsTopic topic = new OffsetsTopic(broker, settings);
        Coordinators shards = new Coordinators(broker, topic, settings, rebalancing);
        coordinators = shards;
        Expiring expiring = new Expiring(settings, broker.clock());
        expiryTimer = broker.scheduler()
                .repeat(
                        settings.retentionCheckInterval(),
                        () -> shards.decideWhereLoaded(
                                decision -> expiring.expire(decision, orphaned(broker.topics()))));
        return handlers(broker, settings, rebalancing, topic, shards);
    }

    private static List<ApiHandler<?>> handlers(
            BrokerServices broker,
            GroupSettings settings,
            Rebalancing rebalancing,
            OffsetsTopic topic,
            Coordinators shards) {
        Attendance attendance = new Attendance(rebalancing);
        Committing committing = new Committing();
        Administration administration = new Administration();
        return List.of(
                new FindCoordinatorHandler(broker.cluster(), topic),
                new JoinGroupHandler(shards, new Joining(settings, rebalancing, broker.clock(), UUID::randomUUID)),
                new SyncGroupHandler(shards, new Syncing(broker.clock())),
                new HeartbeatHandler(shards, attendance),
                new LeaveGroupHandler(shards, attendance),
                new OffsetCommitHandler(
                        shards, committing, new CommitInspection(settings, broker.topics(), broker.clock())),
                new OffsetFetchHandler(shards, new OffsetLookup(broker.topics())),
                new OffsetDeleteHandler(shards, committing, broker.topics()),
                new ListGroupsHandler(shards, administration),
                new DescribeGroupsHandler(shards, administration),
                new DeleteGroupsHandler(shards, administration));
    }

    /** Which offsets belong to a topic that was deleted, be it that another one has its name now. */
    private static BiPredicate<TopicPartition, CommittedOffset> orphaned(Topics topics) {
        return (partition, offset) -> {
            Topic topic = topics.find(partition.topic());
            return topic == null || !offset.belongsTo(topic.id());
        };
    }

    @Override
    public void close() {
        if (expiryTimer != null) {
            expiryTimer.cancel();
        }
        if (coordinators != null) {
            coordinators.close();
        }
    }
}
