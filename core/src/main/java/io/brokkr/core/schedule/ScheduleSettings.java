package io.brokkr.core.schedule;

import io.brokkr.spi.Setting;
import java.util.List;

/** What the operator can set about threads. */
public final class ScheduleSettings {

    /** How many threads may block at the same time. */
    public static final Setting<Integer> BACKGROUND_THREADS = Setting.integer(
            "background.threads",
            10,
            1,
            1_000,
            "The most threads for work that blocks, such as opening a log. They start when there is work and end when there is none.");

    private ScheduleSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(BACKGROUND_THREADS);
    }
}
