package io.brokkr.storage.s3;

import io.brokkr.spi.Scheduler;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all logs share.
 *
 * @param writes threads for what changes the store
 * @param reads threads for consumers
 * @param merges a thread for merges
 * @param buffered the bytes of all logs that wait for the store
 */
record LogEnvironment(
        S3Settings settings,
        ObjectStore store,
        BlockCache cache,
        Scheduler scheduler,
        Executor writes,
        Executor reads,
        Executor merges,
        AtomicLong buffered) {}
