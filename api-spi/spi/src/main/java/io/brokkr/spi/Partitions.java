package io.brokkr.spi;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The way to the partitions that this broker leads. Thread-safe. */
public interface Partitions {

    /**
     * The partition, opened if nobody used it since the start; of one that is open the stage is complete already.
     *
     * <p>Fails with an {@link ApiException}: {@code UNKNOWN_TOPIC_OR_PARTITION}, or {@code KAFKA_STORAGE_ERROR} where the log cannot be
     * opened. While a partition is being opened, the stages of several calls complete in the order of the calls, one after the other: what one call's
     * stage leads to directly has happened when the next one completes. A handle stays usable until the partition is deleted; then its stages fail with {@code UNKNOWN_TOPIC_OR_PARTITION}.
     */
    CompletionStage<Partition> open(TopicPartition partition);

    /** The partition if it is open, null otherwise: then nobody has written to it since the start. Opens nothing, so that many can be asked for. */
    @Nullable
    Partition find(TopicPartition partition);
}
