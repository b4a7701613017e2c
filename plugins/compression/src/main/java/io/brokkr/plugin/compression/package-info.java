/**
 * The four compression formats of Kafka's records.
 *
 * <p>{@link io.brokkr.plugin.compression.GzipCodec} and {@link io.brokkr.plugin.compression.ZstdCodec} wrap a library's streams. {@link
 * io.brokkr.plugin.compression.SnappyCodec} and {@link io.brokkr.plugin.compression.Lz4Codec} read and write the frames that Kafka puts around blocks, on
 * {@link io.brokkr.plugin.compression.BlockInput} and {@link io.brokkr.plugin.compression.BlockOutput}; blocks of LZ4 are a library's business, blocks of Snappy
 * are that of {@link io.brokkr.plugin.compression.SnappyDecoder} and {@link io.brokkr.plugin.compression.SnappyEncoder}.
 *
 * <p>Codecs have no state, and nothing of a library runs, nor is native code loaded, before the first stream of its format is opened: a broker that opens no records
 * pays next to nothing.
 */
@NullMarked
package io.brokkr.plugin.compression;

import org.jspecify.annotations.NullMarked;
