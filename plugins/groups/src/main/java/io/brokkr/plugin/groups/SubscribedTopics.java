package io.brokkr.plugin.groups;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.InvalidMessageException;
import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.UnsupportedVersionException;
import io.brokkr.protocol.message.ConsumerProtocolSubscription;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The topics that the members of a group subscribe to, as far as they can be read: that is of consumers, whose metadata has a format that is part of the
 * protocol. The one place where the broker looks into what members say to each other, since offsets of topics in use must not go.
 */
final class SubscribedTopics {

    private static final String CONSUMER = "consumer";

    /** Null if it is not known. */
    private final @Nullable Set<String> topics;

    private SubscribedTopics(@Nullable Set<String> topics) {
        this.topics = topics;
    }

    static SubscribedTopics of(Group group) {
        Set<String> topics = new HashSet<>();
        if (group.members().isEmpty()) {
            return new SubscribedTopics(topics);
        }
        if (!areConsumers(group) || group.protocolName() == null) {
            return new SubscribedTopics(null);
        }
        for (Member member : group.members()) {
            try {
                topics.addAll(read(member.metadata(group.protocolName())).topics());
            } catch (InvalidMessageException | UnsupportedVersionException unreadable) {
                return new SubscribedTopics(null);
            }
        }
        return new SubscribedTopics(topics);
    }

    /** Whether the members are consumers of topics, and not the workers of some other system. */
    static boolean areConsumers(Group group) {
        return group.protocolType().equals(CONSUMER);
    }

    /** An int16 version, then the subscription at that version; of newer versions, what the newest known one has in common with them. */
    private static ConsumerProtocolSubscription read(Bytes metadata) {
        ByteBuffer buffer = metadata.toBuffer();
        MessageReader reader = new MessageReader(buffer);
        int version = reader.readInt16();
        return ConsumerProtocolSubscription.read(
                reader, Math.min(version, ConsumerProtocolSubscription.HIGHEST_VERSION));
    }

    boolean areKnown() {
        return topics != null;
    }

    /** Whether a topic is subscribed to, or may be. */
    boolean mayContain(String topic) {
        return topics == null || topics.contains(topic);
    }
}
