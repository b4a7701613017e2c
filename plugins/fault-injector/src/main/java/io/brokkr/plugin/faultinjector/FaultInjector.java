package io.brokkr.plugin.faultinjector;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.RequestHookFactory;
import io.brokkr.spi.Setting;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Random;

/** Makes requests slow, fail, or lose their connection. It meets no request without a rule that may strike it. The package page tells what rules are like. */
public final class FaultInjector implements RequestHookFactory {

    private static final Logger LOG = System.getLogger(FaultInjector.class.getName());

    static final Setting<List<FaultRule>> FAULTS = new Setting<>(
            "faults",
            Setting.Type.STRING,
            null,
            "Faults that requests are struck by, for tests: rules API:TOPIC:FAULT with semicolons between them, such as Produce:orders:delay=200ms;Fetch:*:error=NOT_LEADER_OR_FOLLOWER:probability=0.1;*:*:drop:after=10:times=3.",
            FaultRule::parseAll);

    static final Setting<Long> SEED = Setting.number(
            "faults.seed",
            0,
            0,
            Long.MAX_VALUE,
            "What the chances of the faults are drawn from; the same seed strikes the same requests, if they come in the same order. 0 draws one, which is told in the log.");

    private final Faults faults;
    private final boolean mayGrow;

    /** For {@link java.util.ServiceLoader}: with the rules of the setting {@code faults}, and no others. */
    public FaultInjector() {
        this.faults = new Faults();
        this.mayGrow = false;
    }

    /** With these rules, and those of the setting. Others may be added at any time, so that it meets all requests. */
    public FaultInjector(Faults faults) {
        this.faults = faults;
        this.mayGrow = true;
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(FAULTS, SEED);
    }

    /** Nobody stands further out: what fails is the network, or the broker as a whole. */
    @Override
    public int order() {
        return Integer.MIN_VALUE;
    }

    @Override
    public RequestHook create(BrokerServices broker) {
        long seed = broker.configuration().get(SEED);
        if (seed == 0) {
            seed = 1L + new Random().nextInt(Integer.MAX_VALUE);
        }
        faults.seed(seed);
        broker.configuration().get(FAULTS).forEach(faults::add);
        if (!faults.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "requests are struck by faults on purpose: {0}, with faults.seed={1}",
                    faults,
                    Long.toString(seed));
        }
        return new FaultHook(faults, mayGrow, new RequestTopics(broker.topics()), broker.scheduler());
    }

    /** Lets go what is held back. */
    @Override
    public void close() {
        faults.clear();
    }
}
