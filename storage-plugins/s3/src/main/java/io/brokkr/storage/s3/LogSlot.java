package io.brokkr.storage.s3;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The place of one log in the engine, while somebody has it open or does something to it. Everything but {@link #turns} and {@link #log} is done in turn, and waits for the store. */
final class LogSlot {

    private final LogKeys keys;
    private final LogEnvironment environment;
    private final Turns turns;
    private volatile @Nullable S3Log log;

    /** How many tasks wait for their turn or have it; guarded by the engine's map. */
    private int uses;

    LogSlot(LogKeys keys, LogEnvironment environment) {
        this.keys = keys;
        this.environment = environment;
        this.turns = new Turns(environment.writes());
    }

    Turns turns() {
        return turns;
    }

    /** Null if nobody has it open. */
    @Nullable
    S3Log log() {
        return log;
    }

    void beginUse() {
        uses++;
    }

    /** Whether the slot is of no use any more. */
    boolean endUse() {
        uses--;
        return uses == 0 && log == null;
    }

    /** Loads the log if nobody has it open, or it has failed. */
    S3Log open(int leaderEpoch) {
        S3Log opened = log;
        if (opened == null || !opened.isWritable()) {
            opened = load(leaderEpoch);
        }
        opened.enter(leaderEpoch);
        log = opened;
        return opened;
    }

    private S3Log load(int leaderEpoch) {
        LogOwner owner = LogOwner.claim(environment.store(), keys, leaderEpoch, this::deleteObjects);
        List<DataObject> listed = new ArrayList<>();
        environment.store().list(keys.data(), found -> DataObject.parse(
                        found.key().substring(keys.data().length()), found.sizeInBytes())
                .ifPresent(listed::add));
        ObjectChain chain = ObjectChain.of(
                environment.store().place(keys.data()), listed, owner.content().startOffset());
        S3Log loaded = new S3Log(keys, environment, turns, owner, chain.objects());
        loaded.leftovers().add(chain.leftovers());
        turns.execute(loaded.leftovers()::delete);
        return loaded;
    }

    /** One opener leaves; what was appended is durable then. */
    void close(S3Log left) {
        boolean last = left.leave();
        if (last && log == left) {
            log = null;
        }
        try {
            left.flush();
        } finally {
            if (last) {
                left.end("was closed");
            }
        }
    }

    /** Ends the log for all openers, after making durable what was appended. */
    void shut(String why) {
        S3Log open = log;
        log = null;
        if (open != null) {
            try {
                open.flush();
            } finally {
                open.end(why);
            }
        }
    }

    /** The log object goes last, so that a deletion that was cut short is seen and can be repeated. */
    void delete() {
        S3Log open = log;
        log = null;
        if (open != null) {
            open.end("was deleted");
        }
        deleteObjects();
        environment.store().delete(keys.log());
    }

    private void deleteObjects() {
        for (String folder : List.of(keys.data(), keys.notes())) {
            List<String> found = new ArrayList<>();
            environment.store().list(folder, object -> found.add(object.key()));
            found.forEach(environment.store()::delete);
        }
    }
}
