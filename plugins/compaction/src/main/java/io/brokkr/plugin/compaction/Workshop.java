package io.brokkr.plugin.compaction;

import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.spi.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What every run works with.
 *
 * @param producerExpiration after what silence the broker forgets an idempotent producer
 * @param mostProducers of how many producers a run remembers something, and of how many transactions
 * @param blocking where batches are looked at
 */
record Workshop(
        CompressionCodecs codecs,
        Pace pace,
        Executor blocking,
        Clock clock,
        Duration producerExpiration,
        int mostProducers,
        CompactionMetrics metrics) {}
