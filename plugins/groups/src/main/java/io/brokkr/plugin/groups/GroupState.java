package io.brokkr.plugin.groups;

/** Where a classic group stands, with the names by which DescribeGroups and ListGroups know it. */
enum GroupState {
    /** No members; there may be committed offsets. */
    EMPTY("Empty"),
    /** The members are being called together: each must join again. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** All have joined; the leader's assignment is awaited. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Every member has its assignment. */
    STABLE("Stable"),
    /** There is no such group (any more). */
    DEAD("Dead");

    private final String label;

    GroupState(String label) {
        this.label = label;
    }

    /** The name on the wire. */
    String label() {
        return label;
    }
}
