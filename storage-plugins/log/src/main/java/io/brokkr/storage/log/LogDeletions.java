package io.brokkr.storage.log;

import io.brokkr.spi.storage.LogId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Deletes logs: first their folders get other names, then these are made durable, for all logs whose deletion waits for that at the same time, and then the files go. Thousands of logs that are
 * deleted in a call cost some access to the device for each few of them, and no thread waits for it but one. Thread-safe.
 */
final class LogDeletions {

    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private final DataFolders folders;
    private final LogEnvironments environments;
    private final BlockingTasks tasks;

    /** One after the other, for whoever opens a log is not to wait behind the files of thousands. */
    private final BlockingTasks.Queued removals;

    private final Map<LogId, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    LogDeletions(DataFolders folders, LogEnvironments environments, BlockingTasks tasks) {
        this.folders = folders;
        this.environments = environments;
        this.tasks = tasks;
        this.removals = new BlockingTasks.Queued(tasks);
    }

    /** The end of the deletion of a log, before which nobody may look for its folder; null if there is none. Under whatever keeps it from beginning. */
    @Nullable
    CompletionStage<Void> underWay(LogId id) {
        return underWay.get(id);
    }

    /**
     * Deletes a log that is not open, and that no deletion {@linkplain #underWay is under way} of. Nobody may open it meanwhile.
     *
     * @return complete when it does not come back after a loss of power
     */
    CompletionStage<Void> begin(LogId id) throws IOException {
        Optional<Path> taken = folders.takeAway(id);
        if (taken.isEmpty()) {
            releaseJournals(id);
            return DONE;
        }
        Path folder = taken.get();
        CompletionStage<Void> durable =
                environments.of(LogFolders.rootOf(folder)).folderCommit().request(folder.getParent());
        CompletableFuture<Void> end = new CompletableFuture<>();
        underWay.put(id, end);
        durable.thenCompose(done -> tasks.<@Nullable Void>submit("delete " + id, () -> {
                    folders.noteDeleted(id);
                    releaseJournals(id);
                    return null;
                }))
                .whenComplete((done, failure) -> {
                    underWay.remove(id);
                    if (failure == null) {
                        end.complete(null);
                        removals.execute(() -> remove(folder));
                    } else {
                        end.completeExceptionally(failure);
                    }
                });
        return end;
    }

    private static void remove(Path folder) {
        try {
            DeletedFolders.remove(folder);
        } catch (IOException | UncheckedIOException ignored) {
            // The next start has another chance.
        }
    }

    private void releaseJournals(LogId id) {
        environments.all().values().forEach(each -> each.journal().release(LogKey.of(id)));
    }
}
