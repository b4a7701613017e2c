package io.brokkr.storage.log;

import io.brokkr.spi.BrokerEvents;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import io.brokkr.spi.Scheduler;
import java.util.concurrent.Executor;

/**
 * What all logs of a data folder share.
 *
 * @param syncs where logs wait for their turn to be synced
 * @param indexRebuilds where indexes are made anew, one after the other
 * @param folderCommit where names of folders are made durable
 * @param journal where what is new in many logs is synced together
 * @param syncTimings how long the device took for a log
 * @param tornBytes what was cut off behind the last whole batch when a log was opened
 * @param events where new segments are told
 */
record LogEnvironment(
        OpenFiles files,
        Clock clock,
        Scheduler scheduler,
        SyncQueue syncs,
        Executor indexRebuilds,
        FolderCommit folderCommit,
        Journal journal,
        Metrics.Timings syncTimings,
        Metrics.Counter tornBytes,
        BrokerEvents events) {}
