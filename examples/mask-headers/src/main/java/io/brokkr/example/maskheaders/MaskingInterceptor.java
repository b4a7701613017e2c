package io.brokkr.example.maskheaders;

import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.spi.record.InterceptedBatch;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Masks the headers of one topic's records. */
final class MaskingInterceptor implements RecordInterceptor {

    private static final ByteBuffer MASK = StandardCharsets.UTF_8.encode("***").asReadOnlyBuffer();

    private final List<String> masked;

    MaskingInterceptor(List<String> masked) {
        this.masked = masked;
    }

    @Override
    public void intercept(InterceptedBatch batch) {
        batch.forEach(this::mask);
    }

    private Verdict mask(Record record) {
        List<RecordHeader> headers = record.headers();
        if (headers.stream().noneMatch(header -> masked.contains(header.key()))) {
            return Verdict.accept();
        }
        return Verdict.replace(
                record.value(),
                headers.stream()
                        .map(header -> masked.contains(header.key()) ? new RecordHeader(header.key(), MASK) : header)
                        .toList());
    }

    @Override
    public boolean isQuick() {
        return true;
    }
}
