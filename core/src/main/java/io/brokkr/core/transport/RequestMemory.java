package io.brokkr.core.transport;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory of all requests, those that are being received and those that are under way. Thread-safe.
 *
 * <p>As long as less than the limit is taken, whoever asks gets what they ask for, so the limit is overstepped by one request at
 * the most. Who gets nothing leaves the request in its socket and is told when a quarter of the limit is free again: not sooner, so
 * that thousands who wait are not woken for the sake of one.
 *
 * <p>If all that is taken belongs to requests of which only a part has arrived, nothing will ever be released. Then one of them may go beyond
 * the limit until it is complete.
 */
final class RequestMemory {

    /** Somebody who waits. Compared by identity. */
    interface Waiter {
        /** It is worth while to ask again. Called on any thread; must not block. */
        void memoryReleased();
    }

    private final long limitBytes;
    private final AtomicLong takenBytes = new AtomicLong();
    private final AtomicLong incompleteBytes = new AtomicLong();
    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private @Nullable Waiter beyondLimit;

    /** Whether anybody waits or is beyond the limit; if not, the lock is not needed. */
    private volatile boolean contended;

    RequestMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Takes memory for a request that is there as a whole; false if the waiter has to wait, and will be told. */
    boolean take(Waiter waiter, int bytes) {
        if (!contended && takenBytes.get() < limitBytes) {
            takenBytes.addAndGet(bytes);
            return true;
        }
        return takeContended(waiter, bytes, false);
    }

    /** Takes memory for a request of which a part is there; false if the waiter has to wait, and will be told. */
    boolean takeIncomplete(Waiter waiter, int bytes) {
        if (!contended && takenBytes.get() < limitBytes) {
            incompleteBytes.addAndGet(bytes);
            takenBytes.addAndGet(bytes);
            return true;
        }
        return takeContended(waiter, bytes, true);
    }

    private synchronized boolean takeContended(Waiter waiter, int bytes, boolean incomplete) {
        // Before the numbers are read: whoever releases after that comes to wake the waiters.
        contended = true;
        boolean granted = beyondLimit == waiter || (waiters.isEmpty() && takenBytes.get() < limitBytes);
        if (!granted && beyondLimit == null && isStuck()) {
            granted = true;
            beyondLimit = incomplete ? waiter : null;
        }
        if (granted) {
            incompleteBytes.addAndGet(incomplete ? bytes : 0);
            takenBytes.addAndGet(bytes);
        } else {
            waiters.add(waiter);
        }
        updateContended();
        return granted;
    }

    private boolean isStuck() {
        return incompleteBytes.get() >= takenBytes.get();
    }

    private void updateContended() {
        contended = beyondLimit != null || !waiters.isEmpty();
    }

    /** What was taken for an incomplete request belongs to a complete one now. */
    void complete(Waiter waiter, int bytes) {
        incompleteBytes.addAndGet(-bytes);
        forget(waiter);
    }

    /** Gives back what was taken for a complete request. */
    void release(int bytes) {
        takenBytes.addAndGet(-bytes);
        wakeIfWorthWhile();
    }

    /** Gives back what was taken for an incomplete request, and waits no longer. */
    void abandon(Waiter waiter, int bytes) {
        takenBytes.addAndGet(-bytes);
        incompleteBytes.addAndGet(-bytes);
        forget(waiter);
        wakeIfWorthWhile();
    }

    /** Takes memory for bytes that were read already and wait to be looked at. */
    void takeAnyway(int bytes) {
        incompleteBytes.addAndGet(bytes);
        takenBytes.addAndGet(bytes);
    }

    /** Gives back what {@link #takeAnyway} took. */
    void abandonAnyway(int bytes) {
        takenBytes.addAndGet(-bytes);
        incompleteBytes.addAndGet(-bytes);
        wakeIfWorthWhile();
    }

    private void forget(Waiter waiter) {
        if (contended) {
            synchronized (this) {
                waiters.remove(waiter);
                beyondLimit = beyondLimit == waiter ? null : beyondLimit;
                updateContended();
            }
        }
    }

    private void wakeIfWorthWhile() {
        if (contended) {
            takeWoken().forEach(Waiter::memoryReleased);
        }
    }

    private synchronized List<Waiter> takeWoken() {
        if (takenBytes.get() > limitBytes / 4 * 3 && !isStuck()) {
            return List.of();
        }
        List<Waiter> woken = List.copyOf(waiters);
        waiters.clear();
        updateContended();
        return woken;
    }

    /** Whether whoever asks now has to wait. */
    boolean isScarce() {
        return contended || takenBytes.get() >= limitBytes;
    }

    /** The bytes that are taken. */
    long takenBytes() {
        return takenBytes.get();
    }
}
