package io.brokkr.protocol.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a record carries besides its key, its timestamp and its place.
 *
 * @param value the bytes from position to limit, or null
 * @param headers in their order, possibly none
 */
public record RecordContent(@Nullable ByteBuffer value, List<RecordHeader> headers) {}
