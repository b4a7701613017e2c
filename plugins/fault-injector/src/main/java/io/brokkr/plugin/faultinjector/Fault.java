package io.brokkr.plugin.faultinjector;

import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A rule at work, from when it was added to the {@link Faults} until it is closed. Thread-safe. */
public final class Fault implements AutoCloseable {

    private final FaultRule rule;
    private final Consumer<Fault> end;

    /** What lets go each of the responses that are held back. */
    private final Set<Runnable> held = ConcurrentHashMap.newKeySet();

    private long met;
    private long chosen;
    private long struck;
    private volatile boolean closed;

    /** With what takes it out of the rules that are asked. */
    Fault(FaultRule rule, Consumer<Fault> end) {
        this.rule = rule;
        this.end = end;
    }

    FaultRule rule() {
        return rule;
    }

    /** Whether it strikes one more request that it is for. */
    synchronized boolean strikes(Random random) {
        if (closed
                || chosen == rule.times()
                || met++ < rule.after()
                || (rule.probability() < 1 && random.nextDouble() >= rule.probability())) {
            return false;
        }
        if (++chosen == rule.times()) {
            end.accept(this);
        }
        return true;
    }

    /** One of the requests feels it by now: whoever waits for that may then let time pass, and ends its delay. */
    synchronized void countStruck() {
        struck++;
    }

    /** How many requests it has struck; those that it delays from the moment on from which they are held back. */
    public synchronized long struck() {
        return struck;
    }

    /** Complete after a while, or as soon as the fault is closed. */
    CompletableFuture<Void> pause(Scheduler scheduler, Duration delay) {
        CompletableFuture<Void> pause = new CompletableFuture<>();
        Runnable letGo = () -> pause.complete(null);
        held.add(letGo);
        Scheduler.Timer timer = scheduler.schedule(delay, letGo);
        countStruck();
        if (closed) {
            letGo.run();
        }
        return pause.whenComplete((done, never) -> {
            held.remove(letGo);
            timer.cancel();
        });
    }

    /** Takes the rule away, and lets go what it holds back. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        end.accept(this);
        held.forEach(Runnable::run);
    }

    /** The rule as it was written. */
    @Override
    public String toString() {
        return rule.text();
    }
}
