package io.brokkr.plugin.groups;

import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicDeletionListener;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Makes the handlers of this plugin, and the coordinator behind them. */
public final class GroupHandlers implements ApiHandlerFactory, TopicDeletionListener {

    private @Nullable Coordinators coordinators;
    private @Nullable TopicDeletions deletions;
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
        Forgetting forgetting = new Forgetting(name -> idOf(broker.topics().find(name)));
        Coordinators shards = new Coordinators(broker, topic, settings, rebalancing, forgetting);
        coordinators = shards;
        deletions = new TopicDeletions(shards::all, forgetting, broker.scheduler());
        Expiring expiring = new Expiring(settings, broker.clock());
        expiryTimer = broker.scheduler()
                .repeat(
                        settings.retentionCheckInterval(),
                        () -> shards.decideWhereLoaded(decision -> expiring.expire(decision, forgetting::isOrphan)));
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
                new SyncGroupHandler(shards, new Syncing(broker.clock(), broker.events())),
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

    private static @Nullable UUID idOf(@Nullable Topic topic) {
        return topic == null ? null : topic.id();
    }

    @Override
    public CompletionStage<?> topicDeleted(Topic topic) {
        return Objects.requireNonNull(deletions, "the plugin is not started").topicDeleted(topic);
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
