package io.brokkr.plugin.groups;

import io.brokkr.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What the committed offset of each group and partition can be, from what the clients were told: the oracle of the simulation. */
final class CommitModel {

    static final long NOTHING = -1;

    private record Key(String groupId, int partition) {}

    private record Commit(long offset, CompletableFuture<ErrorCode> outcome) {}

    private final Map<Key, List<Commit>> commits = new HashMap<>();

    void committed(String groupId, int partition, long offset, CompletableFuture<ErrorCode> outcome) {
        commits.computeIfAbsent(new Key(groupId, partition), key -> new ArrayList<>())
                .add(new Commit(offset, outcome));
    }

    /** The last one that was confirmed, or one of those after it whose fate nobody knows. */
    Set<Long> possible(String groupId, int partition) {
        Set<Long> possible = new HashSet<>(Set.of(NOTHING));
        for (Commit commit : commits.getOrDefault(new Key(groupId, partition), List.of())) {
            // One that was not answered is as good as one that failed in the log: it may be there.
            ErrorCode outcome = commit.outcome().getNow(ErrorCode.COORDINATOR_NOT_AVAILABLE);
            switch (outcome) {
                case NONE -> {
                    possible.clear();
                    possible.add(commit.offset());
                }
                case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> possible.add(commit.offset());
                default -> {}
            }
        }
        return possible;
    }

    long confirmedCount() {
        return commits.values().stream()
                .flatMap(List::stream)
                .filter(commit -> commit.outcome().getNow(ErrorCode.UNKNOWN_SERVER_ERROR) == ErrorCode.NONE)
                .count();
    }
}
