package io.brokkr.storage.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One access to the device for many logs. It holds the {@code maintenance} of each meanwhile and never waits for that: a log in which something else is done at the moment
 * comes again. Used once, by one thread.
 */
final class SharedRound {

    /** A log that takes part. */
    private record Part(GroupCommit.Round round, LogCheckpoints.Tail tail) {
        SegmentedLog log() {
            return round.log();
        }
    }

    private final Journal journal;
    private final List<Part> parts = new ArrayList<>();
    private final List<GroupCommit.Round> synced = new ArrayList<>();
    private final List<GroupCommit.Round> alone = new ArrayList<>();
    private final List<GroupCommit> again = new ArrayList<>();

    SharedRound(Journal journal) {
        this.journal = journal;
    }

    void run(List<GroupCommit> logs) {
        JournalRound round = journal.begin();
        try {
            if (round != null) {
                write(round, logs);
            } else {
                again.addAll(logs);
            }
        } finally {
            parts.forEach(part -> part.log().maintenance().unlock());
            if (round != null) {
                round.end();
            }
        }
        if (parts.isEmpty() && synced.isEmpty() && alone.isEmpty()) {
            // Lest they come again and again.
            again.forEach(log -> alone.add(log.begin()));
            again.clear();
        }
    }

    private void write(JournalRound round, List<GroupCommit> logs) {
        Iterator<GroupCommit> next = logs.iterator();
        try {
            while (next.hasNext()) {
                GroupCommit log = next.next();
                if (round.hasRoom() && log.log().maintenance().tryLock()) {
                    takePart(round, log.begin());
                } else {
                    again.add(log);
                }
            }
            if (!parts.isEmpty()) {
                round.commit(parts.stream().map(Part::log).toList());
            }
            for (Part part : parts) {
                part.log().checkpoints().noteInJournal(part.tail());
                synced.add(part.round());
            }
        } catch (IOException | RuntimeException failure) {
            // A bug must not leave anybody without an answer, either: who is forced alone is told of it.
            round.fail();
            // Their own files are what they were.
            parts.forEach(part -> alone.add(part.round()));
            next.forEachRemaining(again::add);
        }
    }

    /** Lets a log take part, or go its own way; if it takes part, its {@code maintenance} stays held. */
    private void takePart(JournalRound round, GroupCommit.Round turn) throws IOException {
        LogCheckpoints.Tail tail = tailOf(turn.log());
        boolean takesPart = false;
        try {
            if (tail != null) {
                round.prepare();
                takesPart = round.tryAdd(LogKey.of(turn.log().id()), tail);
            }
        } finally {
            if (takesPart && tail != null) {
                parts.add(new Part(turn, tail));
            } else {
                alone.add(turn);
                turn.log().maintenance().unlock();
            }
        }
    }

    private LogCheckpoints.@Nullable Tail tailOf(SegmentedLog log) {
        return log.condition().isWritable()
                ? log.checkpoints().tail(journal.settings().mostEntryBytes())
                : null;
    }

    /** Those that are to be forced by themselves. */
    List<GroupCommit.Round> alone() {
        return alone;
    }

    /** Those that had no turn. */
    List<GroupCommit> again() {
        return again;
    }

    /** Tells those who are done. Without any lock, since nobody knows what they do then. */
    void answer() {
        synced.forEach(GroupCommit.Round::end);
    }
}
