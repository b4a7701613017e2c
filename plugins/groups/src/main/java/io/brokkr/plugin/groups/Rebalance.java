package io.brokkr.plugin.groups;

import java.time.Duration;

/**
 * The clock of a group's rebalance. First all members join, or time is up; then all ask for their assignment, or time is up.
 *
 * <p>The rebalance of a group that was empty waits even if all its members have joined, since more of them are likely to be on their way: as long as each
 * wait brings newcomers, and no longer in all than the members' own rebalance time-out.
 */
final class Rebalance {

    private final Deadline join;
    private final Deadline sync;
    private boolean first;
    private boolean newcomers;
    private Duration patience = Duration.ZERO;

    Rebalance(Deadline join, Deadline sync) {
        this.join = join;
        this.sync = sync;
    }

    /** Starts the rebalance of a group that was empty. */
    void startFirst(Duration delay, Duration timeout) {
        first = true;
        patience = timeout;
        waitForNewcomers(delay);
    }

    /** Starts the rebalance of a group that had members. */
    void start(Duration timeout) {
        first = false;
        join.set(timeout);
    }

    /** Whether the rebalance goes on as soon as all have joined. */
    boolean endsWhenAllHaveJoined() {
        return !first;
    }

    /** Takes note of a new member. */
    void newcomer() {
        newcomers = true;
    }

    /**
     * When a wait for members is over: waits again if that promises more of them.
     *
     * @return whether it does
     */
    boolean waitsOn(Duration delay) {
        if (!first || !newcomers || patience.isZero()) {
            return false;
        }
        waitForNewcomers(delay);
        return true;
    }

    private void waitForNewcomers(Duration delay) {
        Duration wait = delay.compareTo(patience) < 0 ? delay : patience;
        patience = patience.minus(wait);
        newcomers = false;
        join.set(wait);
    }

    /** All who are going to join have joined; now they have to ask for their assignment. */
    void joined(Duration timeout) {
        join.cancel();
        sync.set(timeout);
    }

    /** Nothing more is to be waited for. */
    void cancel() {
        join.cancel();
        sync.cancel();
    }
}
