package io.brokkr.storage.tiered;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The hot side of a log, as one opener has it: the batches, the checkpoints, and the note that says what is in the cold tier.
 *
 * <p>All is in one log of the hot engine, until the log is truncated into its cold part. A log cannot be made to end before its start, so from then on the batches are in a second one,
 * under an id that is made from the first one's, and the first one is left with the checkpoints.
 */
final class HotLog {

    /** The checkpoint that is the engine's own. */
    static final String NOTE = "tiered-cold-part";

    /** What the id of a second log is ahead of the first one's. */
    private static final UUID REWOUND = new UUID(0x7c15_9b4f_3e21_d86aL, 0x51e6_02c9_ab73_f40dL);

    private final StorageEngine engine;
    private final int leaderEpoch;
    private final PartitionLog first;
    private volatile PartitionLog records;
    private volatile Configuration configuration;

    private HotLog(StorageEngine engine, int leaderEpoch, PartitionLog first, Configuration configuration) {
        this.engine = engine;
        this.leaderEpoch = leaderEpoch;
        this.first = first;
        this.records = first;
        this.configuration = configuration;
    }

    /** Opens the first log alone; which ones there are is in its note. */
    static CompletionStage<HotLog> open(StorageEngine engine, LogId id, int leaderEpoch, Configuration configuration) {
        return engine.open(id, leaderEpoch, configuration)
                .thenApply(first -> new HotLog(engine, leaderEpoch, first, configuration));
    }

    static LogId rewound(LogId id) {
        return ahead(id, REWOUND.getMostSignificantBits(), REWOUND.getLeastSignificantBits());
    }

    /** The id of the first log; given ids of all logs, of which a second one never is without its first. */
    static LogId first(LogId id, Set<LogId> all) {
        LogId first = ahead(id, -REWOUND.getMostSignificantBits(), -REWOUND.getLeastSignificantBits());
        return all.contains(first) ? first : id;
    }

    private static LogId ahead(LogId id, long mostSignificant, long leastSignificant) {
        UUID from = id.topicId();
        UUID to = new UUID(
                from.getMostSignificantBits() + mostSignificant, from.getLeastSignificantBits() + leastSignificant);
        return new LogId(to, id.topic(), id.partition());
    }

    LogId id() {
        return first.id();
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    /** Where the batches are. */
    PartitionLog records() {
        return records;
    }

    Configuration configuration() {
        return configuration;
    }

    void reconfigure(Configuration changed) {
        configuration = changed;
        records.reconfigure(changed);
    }

    CompletionStage<Void> writeCheckpoint(String name, Bytes content) {
        requireNotOwn(name);
        return first.writeCheckpoint(name, content);
    }

    CompletionStage<Optional<Bytes>> readCheckpoint(String name) {
        requireNotOwn(name);
        return first.readCheckpoint(name);
    }

    private static void requireNotOwn(String name) {
        if (name.equals(NOTE)) {
            throw new IllegalArgumentException("a checkpoint cannot have the name «" + name + "»");
        }
    }

    CompletionStage<Void> writePart(ColdPart part) {
        return first.writeCheckpoint(NOTE, ColdPartFormat.write(part));
    }

    /** Empty if nothing was ever moved. */
    CompletionStage<Optional<ColdPart>> readPart() {
        return first.readCheckpoint(NOTE).thenApply(note -> note.map(this::part));
    }

    private ColdPart part(Bytes note) {
        ColdPart part = ColdPartFormat.read(note);
        if (part == null) {
            throw new StorageException(
                    "the checkpoint " + NOTE + " of " + id()
                            + " in the hot tier is damaged, or of a newer version, so that nobody knows what is in the cold tier: restore it from a copy");
        }
        return part;
    }

    /** Fails as every change does of an opener who is not the leader any more; changes nothing. */
    CompletionStage<Void> requireLeader() {
        return records.trim(records.startOffset());
    }

    /** Trims to an offset that may lie behind the end of the batches here: then all of them go. */
    CompletionStage<Void> trim(long startOffset) {
        return records.trim(Math.min(startOffset, records.endOffset()));
    }

    /** The second log, made if there is none; nobody uses it before {@link #rewindTo}. */
    CompletionStage<PartitionLog> openRewound() {
        return engine.open(rewound(id()), leaderEpoch, configuration);
    }

    /** From now on the batches are in the second log. */
    void rewindTo(PartitionLog rewound) {
        PartitionLog before = records;
        records = rewound;
        if (before != first) {
            before.close();
        }
    }

    /** Gives back the space of batches that do not count any more, if there is a second log. */
    CompletionStage<Void> clearFirst() {
        return first.trim(first.endOffset());
    }

    CompletionStage<Void> close() {
        List<PartitionLog> both = records == first ? List.of(first) : List.of(records, first);
        return both.stream().map(PartitionLog::close).reduce(Stages.DONE, Stages::both);
    }
}
