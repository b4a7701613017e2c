package io.brokkr.plugin.fetch;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.Compression;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.Partition;
import io.brokkr.spi.TopicSetting;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses topics whose {@code compression.type} is Zstandard to clients that do not know it (KIP-110). As in Apache Kafka it is the setting that counts: what producers
 * choose by themselves is sent as it is, without a look. Thread-safe.
 */
final class ZstandardTopics {

    private static final String COMPRESSION_TYPE = "compression.type";

    private final @Nullable TopicSetting<?> compressionType;

    ZstandardTopics(BrokerConfiguration configuration) {
        compressionType = configuration.topicSettings().stream()
                .filter(setting -> setting.name().equals(COMPRESSION_TYPE))
                .findFirst()
                .orElse(null);
    }

    /** The same outcomes, but for those of such topics. */
    List<PartitionFetch> refuse(List<PartitionFetch> outcome) {
        return outcome.stream().map(this::refuse).toList();
    }

    private PartitionFetch refuse(PartitionFetch fetch) {
        Partition partition = fetch.partition();
        if (fetch.error() != ErrorCode.NONE || partition == null || !usesZstandard(partition)) {
            return fetch;
        }
        fetch.records().close();
        return PartitionFetch.failed(
                fetch.target(),
                partition,
                new ApiException(
                        ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                        partition.name() + " is compressed with Zstandard, which Fetch has from version 10 on"));
    }

    private boolean usesZstandard(Partition partition) {
        return compressionType != null
                && Optional.of(Compression.ZSTD)
                        .equals(partition.configuration().get(compressionType));
    }
}
