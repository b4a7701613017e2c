package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.testkit.files.FaultyFileSystem;
import io.brokkr.testkit.storage.TextConfiguration;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * A few logs of one engine through several crashes, with faults in between. In most histories they share a journal, which is so small that it is full again and again. {@link AccountedLog}
 * tells what must hold.
 */
final class FaultHistory {

    private static final int LIVES = 4;
    private static final int MOST_LOGS = 3;

    private final Random random;
    private final int blockSize;
    private final JournalSettings journal;
    private final List<AccountedLog> logs = new ArrayList<>();
    private final List<String> story = new ArrayList<>();

    private FaultyFileSystem files = new FaultyFileSystem();
    private QueuedTasks tasks = new QueuedTasks();
    private StorageEngine engine;
    private long nanos;

    FaultHistory(long seed) {
        random = new Random(seed);
        blockSize = random.nextBoolean() ? 4096 : 512;
        TextConfiguration configuration = new TextConfiguration(Map.of(
                "segment.bytes",
                Integer.toString(1_000 + random.nextInt(12_000)),
                "index.interval.bytes",
                Integer.toString(100 + random.nextInt(400))));
        journal = anyJournal();
        tell(journal.toString());
        for (int i = random.nextInt(MOST_LOGS); i >= 0; i--) {
            logs.add(new AccountedLog(i, random, configuration, story));
        }
    }

    /** None, one for many, or one for all. */
    private JournalSettings anyJournal() {
        int mostEntryBytes = 200 + random.nextInt(4_000);
        return random.nextInt(5) == 0
                ? JournalSettings.of(0)
                : new JournalSettings(
                        (3L + random.nextInt(6)) * JournalFormat.BLOCK_BYTES,
                        2 + random.nextInt(4),
                        random.nextInt(3) == 0 ? 2 : 1,
                        mostEntryBytes,
                        1 + random.nextInt(8_000));
    }

    /** What happened so far, a line a step. */
    String story() {
        return String.join("\n", story);
    }

    void play() {
        open();
        for (int life = 0; life < LIVES; life++) {
            for (int steps = random.nextInt(50 * logs.size()); steps > 0; steps--) {
                step();
            }
            switch (random.nextInt(5)) {
                case 0 -> kill();
                case 1 -> crashInTheMiddle();
                case 2 -> stop();
                default -> crash();
            }
        }
    }

    private void tell(String event) {
        story.add(event);
    }

    private void open() {
        tasks = new QueuedTasks();
        engine = engine(tasks);
        logs.forEach(log -> log.open(engine, tasks));
    }

    private StorageEngine engine(QueuedTasks work) {
        return new LogStorageEngine(
                new QueuedContext(work, files.root(), () -> nanos),
                FileOperations.SYSTEM,
                any -> work,
                () -> {},
                journal,
                random::nextLong);
    }

    /** The process is gone, the operating system is not: what it wrote is there, synced or not. */
    private void kill() {
        tell("killed");
        open();
    }

    private void stop() {
        tell("stopped");
        logs.forEach(AccountedLog::close);
        engine.close();
        assertNoJournal();
        if (random.nextBoolean()) {
            crash();
        } else {
            open();
        }
    }

    /** A broker that was stopped in order leaves nothing to be done. */
    private void assertNoJournal() {
        for (int i = 1; i <= Journal.MOST_FILES; i++) {
            assertThat(files.root().resolve(Journal.FILE_PREFIX + i)).doesNotExist();
        }
    }

    private void crash() {
        tell("crash");
        files = files.crash(random, blockSize, FaultHistory::mayFlip);
        while (random.nextInt(3) == 0) {
            crashWhileOpening();
        }
        open();
    }

    private void planCrash(int mostChanges) {
        files.crashAfter(random.nextInt(mostChanges), random, blockSize, FaultHistory::mayFlip);
    }

    private void goOnAfterCrash(String when) {
        Optional<FaultyFileSystem> left = files.takeCrash();
        tell(left.isPresent() ? "crash while " + when : "no crash while " + when);
        left.ifPresent(after -> files = after);
    }

    private void crashWhileOpening() {
        planCrash(30);
        QueuedTasks own = new QueuedTasks();
        StorageEngine first = engine(own);
        for (AccountedLog log : logs) {
            if (random.nextBoolean()) {
                log.openInVain(first, own);
            }
        }
        // What nobody has opened is recovered then.
        own.repeatOnce();
        own.runAll();
        goOnAfterCrash("opening");
    }

    /** What is under way happens or does not. */
    private void crashInTheMiddle() {
        planCrash(20);
        if (random.nextBoolean()) {
            appendToAll();
            beginSyncs().forEach(tasks::await);
            goOnAfterCrash("syncing all");
        } else {
            goOnAfterCrash(any().beginLast());
        }
        open();
    }

    /** Base offset and leader epoch no checksum watches over; a wrong bit there may pass, in Kafka as here. */
    private static boolean mayFlip(String fileName, byte[] content, int at) {
        if (!fileName.endsWith(".log")) {
            return !fileName.equals(AccountedLog.CHECKPOINT);
        }
        ByteBuffer bytes = ByteBuffer.wrap(content);
        int start = 0;
        while (start + 12 <= content.length && start + bytes.getInt(start + 8) + 12 <= at) {
            start += bytes.getInt(start + 8) + 12;
        }
        int within = at - start;
        return within >= 8 && (within < 12 || within >= 16);
    }

    private AccountedLog any() {
        return logs.get(random.nextInt(logs.size()));
    }

    private void appendToAll() {
        for (AccountedLog log : logs) {
            for (int i = random.nextInt(3); i > 0; i--) {
                log.append();
            }
        }
    }

    private List<CompletionStage<Void>> beginSyncs() {
        return logs.stream().map(AccountedLog::beginSync).toList();
    }

    private void syncAll() {
        appendToAll();
        beginSyncs().forEach(tasks::await);
        logs.forEach(AccountedLog::noteSynced);
    }

    private void look() {
        tell("a look");
        nanos += Journal.PAUSE_NANOS;
        tasks.repeatOnce();
    }

    private void step() {
        switch (random.nextInt(28)) {
            case 0, 1, 2 -> any().sync();
            case 3 -> any().trim();
            case 4 -> any().truncate();
            case 5, 6 -> tasks.runNext();
            case 7 -> any().reopen();
            case 8 -> any().writeCheckpoint();
            case 9 -> fullDevice();
            case 10 -> failingSync();
            case 11 -> any().check();
            case 12 -> look();
            case 15 -> any().compact();
            case 13, 14 -> syncAll();
            default -> any().append();
        }
    }

    /** Something that fails, and whatever is tried next. */
    private void fullDevice() {
        files.setFreeBytes(random.nextInt(3_000));
        tell("the device is nearly full");
        AccountedLog log = any();
        boolean failed = false;
        for (int i = random.nextInt(12); i >= 0 && !failed; i--) {
            failed = switch (random.nextInt(8)) {
                case 0 -> log.failsToSync();
                case 1 -> log.failsToTrim();
                case 2 -> log.failsToWriteCheckpoint();
                case 3 -> !tasks.runNext() && log.failsToSync();
                default -> log.failsToAppend();
            };
        }
        files.setFreeBytes(Long.MAX_VALUE);
        tell("the device has room");
        leaveFailed();
    }

    private void failingSync() {
        AccountedLog log = any();
        log.append();
        files.failNextForce();
        tell("the next sync fails");
        log.failsToSync();
        leaveFailed();
    }

    /** Those that have failed are opened anew, in this life or the next. */
    private void leaveFailed() {
        List<AccountedLog> failed =
                logs.stream().filter(AccountedLog::hasFailed).toList();
        if (random.nextInt(3) > 0) {
            failed.forEach(AccountedLog::closeAndOpen);
        } else if (random.nextBoolean()) {
            kill();
        } else {
            crash();
        }
    }
}
