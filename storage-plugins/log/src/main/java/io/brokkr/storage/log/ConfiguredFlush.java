package io.brokkr.storage.log;

import io.brokkr.spi.Scheduler;
import java.time.Duration;

/** Sees to it that a log is synced as often as {@code flush.messages} and {@code flush.ms} say, though nobody waits for it. Under the log's monitor. */
final class ConfiguredFlush {

    private final Scheduler scheduler;
    private final GroupCommit groupCommit;
    private final LogCondition condition;
    private long flushedOffset;
    private volatile boolean isTimed;

    ConfiguredFlush(Scheduler scheduler, GroupCommit groupCommit, LogCondition condition, long endOffset) {
        this.scheduler = scheduler;
        this.groupCommit = groupCommit;
        this.condition = condition;
        this.flushedOffset = endOffset;
    }

    void appended(long endOffset, LogSettings settings) {
        if (endOffset - flushedOffset >= settings.flushMessages()) {
            flushedOffset = endOffset;
            groupCommit.request();
        }
        if (settings.flushMillis() != Long.MAX_VALUE && !isTimed) {
            isTimed = true;
            scheduler.schedule(Duration.ofMillis(settings.flushMillis()), this::flushInTime);
        }
    }

    void truncated(long endOffset) {
        flushedOffset = endOffset;
    }

    private void flushInTime() {
        isTimed = false;
        if (condition.isWritable()) {
            groupCommit.request();
        }
    }
}
