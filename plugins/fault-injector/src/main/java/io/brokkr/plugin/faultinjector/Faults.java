package io.brokkr.plugin.faultinjector;

import io.brokkr.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a {@link FaultInjector}, to which others can be added, and from which they can be taken away, at any time. Thread-safe. The package page tells what rules are like.
 *
 * <p>APIs have the names of the protocol, such as {@code Produce}, {@code Fetch} or {@code JoinGroup}; {@code *} is all APIs, as it is all topics. Each method throws {@link IllegalArgumentException}
 * if there is no such API, or if its requests name no topics and one is asked for.
 */
public final class Faults {

    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private volatile Random random = new Random();

    /** No rules yet. */
    public Faults() {}

    /** Holds back the responses to requests that name a topic, each for a whole number of milliseconds. */
    public Fault delay(String api, String topic, Duration delay) {
        return add(api + ":" + topic + ":delay=" + delay.toMillis() + "ms");
    }

    /** Fails requests that name a topic with an error, which is told of all that is in the request. They are not carried out. */
    public Fault error(String api, String topic, ErrorCode error) {
        return add(api + ":" + topic + ":error=" + error);
    }

    /** Closes the connections of requests that name a topic, which are not carried out. */
    public Fault drop(String api, String topic) {
        return add(api + ":" + topic + ":drop");
    }

    /**
     * Adds a rule that is written as in the setting {@code faults}, such as {@code Produce:orders:drop:handled:times=1}.
     *
     * @throws IllegalArgumentException with the rule and what is wrong in it
     */
    public Fault add(String rule) {
        return add(FaultRule.parse(rule));
    }

    /** Takes all rules away, and lets go what they hold back. */
    public void clear() {
        faults.forEach(Fault::close);
    }

    Fault add(FaultRule rule) {
        Fault fault = new Fault(rule, faults::remove);
        faults.add(fault);
        return fault;
    }

    void seed(long seed) {
        random = new Random(seed);
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    boolean anyMatch(Predicate<FaultRule> condition) {
        return faults.stream().map(Fault::rule).anyMatch(condition);
    }

    /** The fault that strikes a request for which some rules are, null if none does. */
    @Nullable
    Fault striking(Predicate<FaultRule> isForRequest) {
        for (Fault fault : faults) {
            if (isForRequest.test(fault.rule()) && fault.strikes(random)) {
                return fault;
            }
        }
        return null;
    }

    /** The rules, as they were written. */
    @Override
    public String toString() {
        return faults.toString();
    }
}
