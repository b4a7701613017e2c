package io.brokkr.plugin.fetch;

import io.brokkr.plugin.fetch.FetchTarget.Name;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.security.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client named in the fetches of one session, and what it was told last (KIP-227). A client that uses it as the protocol says has one request under way at a
 * time; the locks are for those that do not.
 */
final class FetchSession {

    /** The epoch of the request that asks for a new session. */
    static final int INITIAL_EPOCH = 0;

    /** The epoch of a request outside of all sessions. */
    static final int FINAL_EPOCH = -1;

    private final int id;
    private final Principal owner;
    private final boolean usesTopicIds;
    private final Map<Name, Told> partitions = new LinkedHashMap<>();
    private int epoch = INITIAL_EPOCH;

    /** A partition of the session, with the watermarks that the client knows. */
    private record Told(FetchTarget target, long highWatermark, long logStartOffset) {

        private static final long NOTHING = -1;

        static Told nothing(FetchTarget target) {
            return new Told(target, NOTHING, NOTHING);
        }

        boolean isNews(PartitionFetch result) {
            return result.isUrgent()
                    || result.records().sizeInBytes() > 0
                    || result.highWatermark() != highWatermark
                    || result.logStartOffset() != logStartOffset;
        }
    }

    FetchSession(int id, Principal owner, boolean usesTopicIds, List<FetchTarget> targets) {
        this.id = id;
        this.owner = owner;
        this.usesTopicIds = usesTopicIds;
        targets.forEach(target -> partitions.put(target.name(), Told.nothing(target)));
    }

    int id() {
        return id;
    }

    Principal owner() {
        return owner;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    /**
     * Moves on by one request.
     *
     * @return whether the request is the one that is due
     */
    synchronized boolean advance(int requestEpoch) {
        int due = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        if (requestEpoch != due) {
            return false;
        }
        epoch = due;
        return true;
    }

    /** Takes over what the request says is new or different, and gives all partitions of the session. */
    synchronized List<FetchTarget> update(List<FetchTarget> changed, Collection<Name> forgotten) {
        forgotten.forEach(partitions::remove);
        for (FetchTarget target : changed) {
            partitions.merge(
                    target.name(),
                    Told.nothing(target),
                    (old, fresh) -> new Told(target, old.highWatermark(), old.logStartOffset()));
        }
        List<FetchTarget> targets = new ArrayList<>(partitions.size());
        partitions.values().forEach(told -> targets.add(told.target()));
        return targets;
    }

    /**
     * What the client has to be told of an outcome: where there are records, an error or a moved watermark. A partition that is told of goes to the end of the line, so
     * that a busy one does not keep the others from their turn.
     */
    synchronized List<PartitionFetch> news(List<PartitionFetch> outcome) {
        List<PartitionFetch> news = new ArrayList<>();
        for (PartitionFetch result : outcome) {
            Name name = result.target().name();
            Told told = partitions.get(name);
            if (told != null && told.isNews(result)) {
                news.add(result);
                partitions.remove(name);
                partitions.put(name, toldNow(told.target(), result));
            }
        }
        return news;
    }

    /** After an error the watermarks count as unknown, so that the client hears when the partition is well again. */
    private static Told toldNow(FetchTarget target, PartitionFetch result) {
        return result.error() == ErrorCode.NONE
                ? new Told(target, result.highWatermark(), result.logStartOffset())
                : Told.nothing(target);
    }
}
