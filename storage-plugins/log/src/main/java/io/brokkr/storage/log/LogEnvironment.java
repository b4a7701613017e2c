package io.brokkr.storage.log;

import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import java.util.concurrent.Executor;

/**
 * What all logs of an engine share.
 *
 * @param syncThreads where logs wait for their turn to be synced
 * @param indexRebuilds where indexes are made anew, one after the other
 * @param syncTimings how long the device took for a log
 * @param tornBytes what was cut off behind the last whole batch when a log was opened
 */
record LogEnvironment(
        OpenFiles files,
        Clock clock,
        Scheduler scheduler,
        Executor syncThreads,
        Executor indexRebuilds,
        Metrics.Timings syncTimings,
        Metrics.Counter tornBytes) {}
