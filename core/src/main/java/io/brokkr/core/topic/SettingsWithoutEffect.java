package io.brokkr.core.topic;

import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import java.util.List;

/**
 * Settings that Kafka's topics have and whose matter does not exist here, or not yet: accepted and shown, so that tools and scripts that set
 * them work, and described as what they are.
 */
final class SettingsWithoutEffect {

    private static final String ACCEPTED = " Accepted for the sake of Kafka's tools; it has no effect ";
    private static final String ONE_REPLICA = ACCEPTED + "while every partition has one replica.";
    private static final String NO_TIERS = ACCEPTED + "since storage.engine decides it: see the engine tiered.";
    private static final String NO_RECOMPRESSION = ACCEPTED + "since codecs work at their default levels.";

    private SettingsWithoutEffect() {}

    static List<Setting<?>> all() {
        return List.of(
                topicAndBroker(
                        Setting.integer(
                                "min.insync.replicas",
                                1,
                                1,
                                Integer.MAX_VALUE,
                                "How many replicas must have a record with acks=all; Kafka too takes no more than the topic has."
                                        + ONE_REPLICA),
                        "min.insync.replicas"),
                topicAndBroker(
                        Setting.flag(
                                "unclean.leader.election.enable",
                                false,
                                "Whether a replica that lacks records may become the leader." + ONE_REPLICA),
                        "unclean.leader.election.enable"),
                topicOnly(Setting.list(
                        "leader.replication.throttled.replicas",
                        "",
                        "Replicas whose sending is throttled." + ONE_REPLICA)),
                topicOnly(Setting.list(
                        "follower.replication.throttled.replicas",
                        "",
                        "Replicas whose fetching is throttled." + ONE_REPLICA)),
                topicAndBroker(
                        Setting.integer("compression.gzip.level", -1, -1, 9, "How hard gzip tries." + NO_RECOMPRESSION),
                        "compression.gzip.level"),
                topicAndBroker(
                        Setting.integer("compression.lz4.level", 9, 1, 17, "How hard LZ4 tries." + NO_RECOMPRESSION),
                        "compression.lz4.level"),
                topicAndBroker(
                        Setting.integer(
                                "compression.zstd.level",
                                3,
                                -131_072,
                                22,
                                "How hard Zstandard tries." + NO_RECOMPRESSION),
                        "compression.zstd.level"),
                topicOnly(Setting.flag(
                        "remote.storage.enable", false, "Whether old segments move to a remote tier." + NO_TIERS)),
                topicOnly(Setting.flag(
                        "remote.log.copy.disable",
                        false,
                        "Whether no more segments move to the remote tier." + NO_TIERS)),
                topicOnly(Setting.flag(
                        "remote.log.delete.on.disable",
                        false,
                        "Whether the remote tier's data goes when it is disabled." + NO_TIERS)));
    }

    private static TopicSetting<?> topicAndBroker(Setting<?> setting, String brokerName) {
        return TopicSetting.of(setting, brokerName);
    }

    private static TopicSetting<?> topicOnly(Setting<?> setting) {
        return TopicSetting.of(setting, List.of());
    }
}
