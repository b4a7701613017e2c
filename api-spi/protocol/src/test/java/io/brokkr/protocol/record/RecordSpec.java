package io.brokkr.protocol.record;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What a record is to hold, in a form that both builders can take and both readers can be asked for. */
record RecordSpec(long timestamp, @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {

    static RecordSpec of(Record read) {
        return new RecordSpec(read.timestamp(), read.key(), read.value(), read.headers());
    }

    static RecordSpec of(org.apache.kafka.common.record.internal.Record read) {
        List<RecordHeader> headers = Arrays.stream(read.headers())
                .map(each -> new RecordHeader(each.key(), each.value() == null ? null : ByteBuffer.wrap(each.value())))
                .toList();
        return new RecordSpec(read.timestamp(), read.key(), read.value(), headers);
    }

    Header[] kafkaHeaders() {
        return headers.stream()
                .map(header ->
                        new org.apache.kafka.common.header.internals.RecordHeader(header.key(), bytes(header.value())))
                .toArray(Header[]::new);
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    RecordSpec withTimestamp(long other) {
        return new RecordSpec(other, key, value, headers);
    }
}
