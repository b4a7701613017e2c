package io.brokkr.compatibility;

/** When a check runs. */
public enum Stage {
    /** On a broker whose data folder was empty. */
    FIRST,
    /** After the broker was stopped and started anew on the same folder. */
    RESTARTED
}
