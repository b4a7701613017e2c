package io.brokkr.benchmarks;

/**
 * What something cost.
 *
 * @param cpuSeconds of the broker's processor time
 * @param seconds on the clock
 */
record Cost(double cpuSeconds, double seconds) {
    static Cost of(ProcessMeter meter, Work work) throws Exception {
        double before = meter.cpuSeconds();
        long start = System.nanoTime();
        work.run();
        return new Cost(meter.cpuSeconds() - before, (System.nanoTime() - start) / 1e9);
    }

    /** The share of one core. */
    double percentOfCore() {
        return 100 * cpuSeconds / seconds;
    }

    /** What a broker is measured under. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }
}
