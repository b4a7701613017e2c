package io.brokkr.benchmarks;

/**
 * What Brokkr is to reach in one row.
 *
 * @param ofRatio whether its figure divided by Apache Kafka's is meant, and not the figure
 * @param most whether the bound is an upper one
 * @param bound included
 */
record Goal(boolean ofRatio, boolean most, double bound) {
    static Goal ratioAtMost(double bound) {
        return new Goal(true, true, bound);
    }

    static Goal ratioAtLeast(double bound) {
        return new Goal(true, false, bound);
    }

    static Goal atMost(double bound) {
        return new Goal(false, true, bound);
    }

    static Goal atLeast(double bound) {
        return new Goal(false, false, bound);
    }

    /** The bound, and whether this figure keeps it. */
    String verdict(double figure) {
        boolean met = most ? figure <= bound : figure >= bound;
        return this + (met ? ": met" : ": missed");
    }

    @Override
    public String toString() {
        return (most ? "≤ " : "≥ ") + Figures.text(bound);
    }
}
