package io.brokkr.core.partition;

import io.brokkr.core.topic.StoredTopic;
import io.brokkr.pluginhost.Interception;
import io.brokkr.pluginhost.Interceptors;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Configuration;
import io.brokkr.spi.Partition;
import io.brokkr.spi.TopicPartition;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition that this broker leads, for as long as it exists: if its log fails, the next use opens it again.
 *
 * <p>Until it is open again committed records are read from the failed one, as far as that can be read, and everything else fails with the reason of the failure, {@code
 * KAFKA_STORAGE_ERROR} as a rule, upon which clients try again.
 */
final class PartitionLeader implements Partition {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionLeader.class);

    private final TopicPartition name;
    private final LogOpening opening;
    private final CompressionCodecs codecs;
    private final BatchValidator validator;
    private final BatchConversion conversion;
    private final Interceptors interceptors;
    private final Interception ofProduced = new Interception();
    private final Interception ofFetched = new Interception();
    private final AppendInterception interception;
    private final ReadInterception reads;
    private final AppendQueue conversions;
    private final Clock clock;
    private final Executor blocking;
    private final PartitionMetrics metrics;
    private final Watermark logEnd = new Watermark();
    private final Watermark highWatermark = new Watermark();
    private volatile StoredTopic topic;
    private volatile LeaderLog log;
    /** Why the partition will never be usable again, null as long as it is. */
    private volatile @Nullable ApiException gone;
    /** Ends when the log is open again, or could not be; guarded by this, which is not held while others are called. */
    private CompletableFuture<Void> reopened = Stages.DONE;
    /** The failed log that the operator was told of, since many try again as long as the failure lasts. */
    private volatile @Nullable LeaderLog told;

    PartitionLeader(
            StoredTopic topic,
            TopicPartition name,
            OpenedLog opened,
            LogOpening opening,
            Clock clock,
            Executor blocking,
            CompressionCodecs codecs,
            Interceptors interceptors,
            InterceptedReads interceptedReads,
            PartitionMetrics metrics) {
        this.topic = topic;
        this.name = name;
        this.opening = opening;
        this.codecs = codecs;
        this.validator = new BatchValidator(clock, codecs);
        this.conversion = new BatchConversion(codecs);
        this.interceptors = interceptors;
        this.interception = new AppendInterception(ofProduced, codecs);
        this.reads = new ReadInterception(name, ofFetched, codecs, interceptedReads);
        this.conversions = new AppendQueue(blocking);
        this.clock = clock;
        this.blocking = blocking;
        this.metrics = metrics;
        this.log = lead(opened);
        intercept();
    }

    private LeaderLog lead(OpenedLog opened) {
        return new LeaderLog(
                opened, leaderEpoch(), AppendRules.of(topic.configuration()), clock, logEnd, highWatermark);
    }

    @Override
    public TopicPartition name() {
        return name;
    }

    @Override
    public UUID topicId() {
        return topic.id();
    }

    @Override
    public Configuration configuration() {
        return topic.configuration();
    }

    @Override
    public int leaderEpoch() {
        return topic.leaderEpoch(name.partition());
    }

    @Override
    public long logStartOffset() {
        return log.log().startOffset();
    }

    @Override
    public long highWatermark() {
        return highWatermark.offset();
    }

    /** The high watermark, as long as there are no transactions. */
    @Override
    public long lastStableOffset() {
        return highWatermark.offset();
    }

    /** The offset behind what the engine has; an append under way may have the offsets from there on already. */
    @Override
    public long logEndOffset() {
        return logEnd.offset();
    }

    @Override
    public long sizeInBytes() {
        return log.log().sizeInBytes();
    }

    @Override
    public List<LogSegment> segments() {
        return log.log().segments();
    }

    private Watermark endOf(Isolation isolation) {
        return isolation == Isolation.LOG_END ? logEnd : highWatermark;
    }

    @Override
    public CompletionStage<Appended> append(ByteBuffer batches, Durability durability) {
        // Of an internal topic the batches are our own coordinators', who read them again as they wrote them.
        if (topic.internal()) {
            return appendNow(batches, durability);
        }
        if (!conversions.isEmpty() || isWorkDue(batches, log.rules())) {
            return conversions.add(() -> appendNow(conversion.convert(batches, log.rules(), interception), durability));
        }
        try {
            return appendNow(interception.apply(batches, log.rules()), durability);
        } catch (ApiException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** Whether there is work on the batches for which an event loop has no time. */
    private boolean isWorkDue(ByteBuffer batches, AppendRules rules) {
        boolean looksInside = rules.askForEachRecord() || !ofProduced.isNone();
        return ofProduced.takesLong() || conversion.isDue(batches, rules, looksInside);
    }

    private CompletionStage<Appended> appendNow(ByteBuffer batches, Durability durability) {
        LeaderLog current = log;
        ApiException unusable = unusable(current);
        if (unusable != null) {
            return CompletableFuture.failedFuture(unusable);
        }
        try {
            ValidBatches valid = validator.validate(batches, current.rules());
            CompletionStage<Appended> appended = current.append(valid, durability);
            metrics.appended(valid);
            return appended;
        } catch (ApiException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /**
     * As in Kafka, an offset between the end of what the isolation shows and the log end offset is no error: the consumer that asks has heard of it from a
     * producer, and its records will be shown soon.
     */
    @Override
    public CompletionStage<Read> read(long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
        LeaderLog current = log;
        boolean isCommittedInFailed = current.failure() != null && gone == null && offset < highWatermark.offset();
        ApiException unusable = isCommittedInFailed ? null : unusable(current);
        if (unusable != null) {
            return CompletableFuture.failedFuture(unusable);
        }
        long end =
                isCommittedInFailed ? highWatermark.offset() : endOf(isolation).offset();
        long startOffset = current.log().startOffset();
        if (offset < startOffset || offset > Math.max(end, logEnd.offset())) {
            return CompletableFuture.failedFuture(new ApiException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "offset " + offset + " of " + name + " is not from " + startOffset + " to " + end));
        }
        if (offset >= end) {
            return CompletableFuture.completedFuture(result(RecordData.empty(), startOffset));
        }
        PartitionLog source = current.log();
        boolean intercepted = !ofFetched.isNone() && isolation != Isolation.LOG_END;
        CompletionStage<RecordData> records = intercepted
                ? source.read(offset, reads.limit(maxBytes), atLeastOneBatch, end)
                        .thenApplyAsync(reads::apply, blocking)
                : source.read(offset, maxBytes, atLeastOneBatch, end);
        CompletionStage<Read> read = records.thenApply(shown -> result(shown, source.startOffset()));
        return isCommittedInFailed ? read.whenComplete((done, failed) -> reopenIf(failed, current)) : read;
    }

    private Read result(RecordData records, long startOffset) {
        long committed = highWatermark.offset();
        return new Read(records, committed, committed, startOffset, List.of());
    }

    @Override
    public Wait await(long offset, Isolation isolation, Runnable listener) {
        return endOf(isolation).await(offset, listener);
    }

    @Override
    public CompletionStage<Optional<RecordPosition>> findTimestamp(long timestamp, Isolation isolation) {
        LeaderLog current = log;
        ApiException unusable = unusable(current);
        return unusable == null
                ? search(current).first(timestamp, endOf(isolation).offset())
                : CompletableFuture.failedFuture(unusable);
    }

    private TimestampSearch search(LeaderLog current) {
        return new TimestampSearch(current.log(), current.epochs(), codecs, blocking);
    }

    @Override
    public CompletionStage<Optional<RecordPosition>> findMaxTimestamp(Isolation isolation) {
        LeaderLog current = log;
        ApiException unusable = unusable(current);
        if (unusable != null) {
            return CompletableFuture.failedFuture(unusable);
        }
        TimestampSearch search = search(current);
        long largest = search.largest();
        if (largest < 0) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return search.first(largest, logEnd.offset())
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedFuture(found)
                        : whenShown(current, found.get(), isolation));
    }

    /** The newest record is often one whose sync is under way: the answer waits for it rather than pass it over. */
    private CompletionStage<Optional<RecordPosition>> whenShown(
            LeaderLog current, RecordPosition position, Isolation isolation) {
        CompletableFuture<Optional<RecordPosition>> shown = new CompletableFuture<>();
        await(position.offset(), isolation, () -> {
            ApiException failed = current.failure();
            if (failed == null) {
                shown.complete(Optional.of(position));
            } else {
                shown.completeExceptionally(failed);
            }
        });
        return shown;
    }

    @Override
    public EpochEnd endOfEpoch(int epoch) {
        return log.epochs().endOf(epoch, leaderEpoch(), logEnd.offset());
    }

    @Override
    public int epochOf(long offset) {
        return offset >= logEnd.offset() ? leaderEpoch() : log.epochs().epochOf(offset);
    }

    @Override
    public CompletionStage<Long> deleteRecordsBefore(long offset) {
        LeaderLog current = log;
        ApiException unusable = unusable(current);
        if (unusable != null) {
            return CompletableFuture.failedFuture(unusable);
        }
        long committed = highWatermark.offset();
        long before = offset == -1 ? committed : offset;
        if (before < 0 || before > committed) {
            return CompletableFuture.failedFuture(new ApiException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "offset " + offset + " of " + name + " is above the high watermark " + committed));
        }
        return current.trim(before).thenApply(done -> current.log().startOffset());
    }

    /** Why nothing can be done now, null if it can; a log that failed begins to be opened again. */
    private @Nullable ApiException unusable(LeaderLog current) {
        ApiException forever = gone;
        if (forever != null) {
            return forever;
        }
        ApiException failure = current.failure();
        if (failure != null) {
            reopen(current);
        }
        return failure;
    }

    /** A device that takes no more writes may be read; if it may not, the log is opened again. */
    private void reopenIf(@Nullable Throwable unreadable, LeaderLog failed) {
        if (unreadable != null) {
            reopen(failed);
        }
    }

    private void reopen(LeaderLog failed) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        synchronized (this) {
            if (!reopened.isDone() || failed != log || gone != null) {
                return;
            }
            reopened = end;
        }
        opening.open(topic, name.partition())
                .thenCompose(this::takeOver)
                .thenCompose(taken -> failed.close().exceptionally(again -> null))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        warn("failed, and was opened again", failed.failure());
                    } else if (told != failed) {
                        told = failed;
                        warn("failed, and cannot be opened; whoever needs it tries again", failure);
                    }
                    end.complete(null);
                });
    }

    private void warn(String what, @Nullable Throwable failure) {
        ApiException reason = Stages.apiException(failure);
        // A device's failure is said in the engine's sentence, again and again as long as a disk is full; of all else
        // the stack is told, too.
        if (cameFromDevice(failure)) {
            LOG.warn("{} {}: {}", name, what, reason.getMessage());
        } else {
            LOG.warn("{} {}: {}", name, what, reason.getMessage(), reason.getCause());
        }
    }

    private static boolean cameFromDevice(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof IOException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    private CompletionStage<Void> takeOver(OpenedLog opened) {
        LeaderLog fresh = lead(opened);
        ApiException forever;
        synchronized (this) {
            log = fresh;
            forever = gone;
        }
        // What became of the topic while the log was being opened.
        fresh.reconfigure(configuration());
        logEnd.wake();
        highWatermark.wake();
        if (forever == null) {
            return Stages.DONE;
        }
        fresh.fail(forever);
        return fresh.close();
    }

    /** The topic has other settings, or more partitions. */
    void reconfigure(StoredTopic changed) {
        LeaderLog current;
        synchronized (this) {
            topic = changed;
            current = log;
        }
        current.reconfigure(changed.configuration());
        intercept();
    }

    /** The settings that name the interceptors are others, or plugins have come and gone. */
    void intercept() {
        ofProduced.renew(() -> interceptors.ofProduced(topic));
        ofFetched.renew(() -> interceptors.ofFetched(topic));
    }

    /** Deletes what the rule does not want to keep, and forgets producers that are silent for long. */
    CompletionStage<Void> clean(RetentionRule rule, long now, long producersUsedBefore) {
        LeaderLog current = log;
        if (gone != null || current.failure() != null) {
            return Stages.DONE;
        }
        current.expireProducers(producersUsedBefore);
        PartitionLog source = current.log();
        long startOffset = rule.startOffset(source.segments(), source.startOffset(), highWatermark.offset(), now);
        return startOffset > source.startOffset() ? current.trim(startOffset) : Stages.DONE;
    }

    /**
     * The partition is deleted: whoever waits is woken, and everything fails from now on.
     *
     * @return complete when nothing here opens the log any more
     */
    CompletionStage<Void> delete(ApiException reason) {
        LeaderLog current;
        CompletionStage<Void> end;
        synchronized (this) {
            gone = reason;
            current = log;
            end = reopened;
        }
        current.fail(reason);
        return end;
    }

    /** Ends well: what is under way completes, and the log is closed. */
    CompletionStage<Void> close(ApiException reason) {
        CompletionStage<Void> end;
        synchronized (this) {
            gone = reason;
            end = reopened;
        }
        return end.thenCompose(ready -> log.close());
    }
}
