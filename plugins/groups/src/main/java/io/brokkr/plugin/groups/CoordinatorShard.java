package io.brokkr.plugin.groups;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Scheduler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The groups whose state is kept in one partition of {@code __consumer_offsets}. Thread-safe: decisions are made one after the other, without a
 * thread of their own.
 *
 * <pre>
 *   request ──► decision ──► events ──► groups, in memory
 *                  │            └─────► journal ──► partition
 *                  └── answer ◄──────── when it is safe ◄─┘
 * </pre>
 *
 * <p>The groups are read when somebody first asks for one of them, and the offsets of topics that are gone are forgotten before anybody is answered. If an append fails, memory is ahead of the log, and no one can say by how much:
 * everything is forgotten, and read again when it is next asked for.
 */
final class CoordinatorShard {

    private final Supplier<CompletionStage<? extends OffsetsLog>> opener;
    private final GroupSettings settings;
    private final Rebalancing rebalancing;
    private final Forgetting forgetting;
    private final Clock clock;
    private final Scheduler scheduler;
    private final SerialExecutor serial = new SerialExecutor();
    private final Deadline loadDeadline;

    private final List<Request<?>> waiting = new ArrayList<>();
    private boolean loading;
    private boolean closed;
    private @Nullable Loaded loaded;

    /**
     * A shard that has read nothing yet.
     *
     * @param opener asked for the log each time that the groups are to be read
     */
    CoordinatorShard(
            Supplier<CompletionStage<? extends OffsetsLog>> opener,
            GroupSettings settings,
            Rebalancing rebalancing,
            Forgetting forgetting,
            Clock clock,
            Scheduler scheduler) {
        this.opener = opener;
        this.settings = settings;
        this.rebalancing = rebalancing;
        this.forgetting = forgetting;
        this.clock = clock;
        this.scheduler = scheduler;
        this.loadDeadline = new Deadline(clock, scheduler, serial, this::loadTakesLong);
    }

    /** What there is to decide on a request. */
    @FunctionalInterface
    interface Choice<T> {
        /**
         * Decides, and answers at once or keeps the answer for a later decision.
         *
         * @throws ApiException to refuse
         */
        void decide(Decision decision, CompletableFuture<T> answer);
    }

    private record Request<T>(Choice<T> choice, CompletableFuture<T> answer) {}

    private record Loaded(GroupRegistry groups, Journal journal, int maxRecordSizeInBytes) {}

    /** Has a decision made. */
    <T> CompletionStage<T> decide(Choice<T> choice) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        serial.execute(() -> accept(new Request<>(choice, answer)));
        return answer;
    }

    /** Has a decision made that is answered at once. */
    <T> CompletionStage<T> ask(Function<Decision, T> question) {
        return decide((decision, answer) -> decision.answer(answer, question.apply(decision)));
    }

    /** Has a decision made if the groups are in memory, else does nothing. */
    void decideIfLoaded(Consumer<Decision> choice) {
        serial.execute(() -> {
            if (loaded != null) {
                decide(loaded, choice);
            }
        });
    }

    /** Refuses everyone who waits, and everyone who comes later. */
    void close(ApiException reason) {
        serial.execute(() -> {
            closed = true;
            unload(reason);
            refuseWaiting(reason);
        });
    }

    private void accept(Request<?> request) {
        if (closed) {
            request.answer()
                    .completeExceptionally(new ApiException(ErrorCode.NOT_COORDINATOR, "the coordinator is closed"));
        } else if (loaded != null) {
            run(loaded, request);
        } else {
            waiting.add(request);
            if (!loadDeadline.isSet()) {
                loadDeadline.set(settings.commitTimeout());
            }
            if (!loading) {
                load();
            }
        }
    }

    private static <T> void run(Loaded loaded, Request<T> request) {
        decide(loaded, decision -> {
            try {
                request.choice().decide(decision, request.answer());
            } catch (ApiException refusal) {
                decision.refuse(request.answer(), refusal);
            } catch (RuntimeException mistake) {
                request.answer().completeExceptionally(mistake);
            }
        });
    }

    private static void decide(Loaded loaded, Consumer<Decision> choice) {
        Decision decision = new Decision(loaded.groups(), loaded.maxRecordSizeInBytes());
        try {
            choice.accept(decision);
        } finally {
            loaded.journal().add(decision);
        }
    }

    private void load() {
        loading = true;
        GroupRegistry groups = new GroupRegistry(
                onExpiry -> new Deadline(clock, scheduler, serial, () -> decideIfLoaded(onExpiry)), rebalancing);
        open().thenCompose(log -> log.replay(batch -> replay(batch, groups)).thenApply(end -> log))
                .whenComplete((log, failure) -> serial.execute(() -> loadEnded(groups, log, failure)));
    }

    private CompletionStage<? extends OffsetsLog> open() {
        try {
            return opener.get();
        } catch (ApiException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private static void replay(RecordBatch batch, GroupRegistry groups) {
        for (Record next : batch.records()) {
            ByteBuffer key = next.key();
            CoordinatorEvent event = key == null ? null : CoordinatorRecord.read(key, next.value());
            if (event != null) {
                groups.apply(event);
            }
        }
    }

    private void loadEnded(GroupRegistry groups, @Nullable OffsetsLog log, @Nullable Throwable failure) {
        loading = false;
        loadDeadline.cancel();
        if (closed) {
            return;
        }
        if (log == null) {
            refuseWaiting(CoordinatorErrors.ofLoad(failure == null ? new IllegalStateException() : failure));
            return;
        }
        Journal journal = new Journal(log, clock, scheduler, serial, settings.commitTimeout(), this::unload);
        Loaded now = new Loaded(groups, journal, Journal.maxRecordSizeInBytes(log));
        loaded = now;
        run(now, new Request<>((decision, nobody) -> forgetting.forgetOrphans(decision), new CompletableFuture<>()));
        decide(now, decision -> groups.all().forEach(group -> rebalancing.resume(decision, group)));
        List<Request<?>> requests = List.copyOf(waiting);
        waiting.clear();
        requests.forEach(this::accept);
    }

    private void loadTakesLong() {
        refuseWaiting(new ApiException(
                ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
                "the offsets topic is not read after " + settings.commitTimeout()));
    }

    private void refuseWaiting(RuntimeException reason) {
        loadDeadline.cancel();
        waiting.forEach(request -> request.answer().completeExceptionally(reason));
        waiting.clear();
    }

    private void unload(RuntimeException reason) {
        if (loaded != null) {
            Loaded before = loaded;
            loaded = null;
            before.journal().close(reason);
            before.groups().close(reason);
        }
    }
}
