package io.brokkr.core.partition;

import io.brokkr.spi.Partition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An offset that grows, and those who wait for it to pass theirs. Thread-safe.
 *
 * <p>To wait, to cancel and to be woken costs constant time each, and moving the offset costs nothing while nobody waits. No wake-up is lost: who waits is
 * linked first and looks at the offset then; who moves it writes the offset first and looks for waiters then.
 */
final class Watermark {

    private static final Logger LOG = LoggerFactory.getLogger(Watermark.class);
    private static final Partition.Wait NOTHING = () -> {};

    private volatile long offset;
    /** The partition cannot be used now: nobody may wait, since nobody would move the offset. */
    private volatile boolean interrupted;

    private volatile boolean waitedFor;
    private @Nullable Waiter first;
    private @Nullable Waiter last;

    long offset() {
        return offset;
    }

    /** Moves the offset forward, if it is forward. One mover at a time; {@link #wake} is to follow when its locks are given up. */
    void moveTo(long next) {
        if (next > offset) {
            offset = next;
        }
    }

    /** Begins anew at an offset, which may lie before the old one; {@link #wake} is to follow. */
    void restart(long next) {
        offset = next;
        interrupted = false;
    }

    /** Wakes everyone, and whoever waits from now on at once. */
    void interrupt() {
        interrupted = true;
        wake();
    }

    /** See {@link Partition#await}. */
    Partition.Wait await(long awaited, Runnable listener) {
        if (!isPast(awaited)) {
            Waiter waiter = new Waiter(awaited, listener);
            link(waiter);
            if (isPast(awaited) && waiter.unlinkOnce()) {
                listener.run();
            }
            return waiter;
        }
        listener.run();
        return NOTHING;
    }

    private boolean isPast(long awaited) {
        return interrupted || offset > awaited;
    }

    /** Calls the listeners whose offset is passed, on this thread; not to be called with a lock. */
    void wake() {
        if (!waitedFor) {
            return;
        }
        for (Waiter waiter = takePassed(); waiter != null; waiter = waiter.next) {
            try {
                waiter.listener.run();
            } catch (RuntimeException failure) {
                LOG.error("a listener that waited for a partition failed", failure);
            }
        }
    }

    private synchronized void link(Waiter waiter) {
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
        waiter.linked = true;
        waitedFor = true;
    }

    /** Takes out those whose offset is passed, chained in the order in which they came. */
    private synchronized @Nullable Waiter takePassed() {
        Waiter head = null;
        Waiter tail = null;
        for (Waiter waiter = first; waiter != null; ) {
            Waiter following = waiter.next;
            if (isPast(waiter.awaited)) {
                unlink(waiter);
                if (tail == null) {
                    head = waiter;
                } else {
                    tail.next = waiter;
                }
                tail = waiter;
            }
            waiter = following;
        }
        return head;
    }

    private void unlink(Waiter waiter) {
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.linked = false;
        waitedFor = first != null;
    }

    private final class Waiter implements Partition.Wait {

        private final long awaited;
        private final Runnable listener;
        private @Nullable Waiter previous;
        private @Nullable Waiter next;
        private boolean linked;

        Waiter(long awaited, Runnable listener) {
            this.awaited = awaited;
            this.listener = listener;
        }

        @Override
        public void cancel() {
            unlinkOnce();
        }

        /** Whether it was this call that took the waiter out. */
        private boolean unlinkOnce() {
            synchronized (Watermark.this) {
                boolean mine = linked;
                if (mine) {
                    unlink(this);
                }
                return mine;
            }
        }
    }
}
