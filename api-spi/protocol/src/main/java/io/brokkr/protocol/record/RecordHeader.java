package io.brokkr.protocol.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record (KIP-82). Keys may repeat, and the order counts.
 *
 * @param key the key, possibly empty; bytes that are not UTF-8 read as the replacement character
 * @param value the value's bytes, from position to limit, or null; a view of the record's memory where the header was read from one
 */
public record RecordHeader(String key, @Nullable ByteBuffer value) {}
