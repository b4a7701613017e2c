package io.brokkr.protocol.record;

import io.brokkr.protocol.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at the records of a batch, one at a time, and writes the batch anew from the first one on that is to have other content. */
final class BatchEditing implements AutoCloseable {

    private final RecordBatch batch;
    private final CompressionCodecs codecs;
    private final GrowingBuffer target;
    /** Null as long as nothing changed. */
    private @Nullable OutputStream compressor;

    private BatchEditing(RecordBatch batch, CompressionCodecs codecs, int maximumSize) {
        this.batch = batch;
        this.codecs = codecs;
        this.target = new GrowingBuffer(0, maximumSize);
    }

    static RecordBatch of(
            RecordBatch batch,
            Function<Record, @Nullable RecordContent> editor,
            CompressionCodecs codecs,
            int maximumSize) {
        BatchEditing editing = new BatchEditing(batch, codecs, maximumSize);
        try (editing) {
            editing.edit(editor);
        } catch (GrowingBuffer.SizeLimitException tooLarge) {
            throw new InvalidRecordBatchException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "the record batch has " + tooLarge.getMessage() + " with the changed records");
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not take what is compressed", impossible);
        }
        return editing.result();
    }

    private void edit(Function<Record, @Nullable RecordContent> editor) throws IOException {
        try (RecordStream opened = open()) {
            Iterator<Record> records = iterator(opened);
            for (int index = 0; records.hasNext(); index++) {
                Record record = records.next();
                RecordContent content = editor.apply(record);
                if (content != null && compressor == null) {
                    compressor = begin();
                    copyFirst(index, compressor);
                }
                if (compressor != null) {
                    write(record, content, compressor);
                }
            }
        }
    }

    /** Null for a batch that is not compressed, whose records are views of it. */
    private @Nullable RecordStream open() {
        return batch.compression() == Compression.NONE ? null : RecordStream.open(batch, codecs);
    }

    private Iterator<Record> iterator(@Nullable RecordStream opened) {
        return opened == null ? batch.records().iterator() : opened;
    }

    private OutputStream begin() {
        target.room(batch.sizeInBytes()).put(batch.buffer().limit(RecordBatch.HEADER_SIZE));
        return codecs.compress(batch.compression(), target, RecordBatch.MAGIC);
    }

    /** Those before the first change, which are gone from the stream. */
    private void copyFirst(int count, OutputStream sink) throws IOException {
        try (RecordStream opened = open()) {
            Iterator<Record> records = iterator(opened);
            for (int i = 0; i < count; i++) {
                records.next().writeTo(sink, batch.baseOffset(), batch.baseTimestamp());
            }
        }
    }

    private void write(Record record, @Nullable RecordContent content, OutputStream sink) throws IOException {
        if (content == null) {
            record.writeTo(sink, batch.baseOffset(), batch.baseTimestamp());
            return;
        }
        RecordLayout layout = new RecordLayout(
                record.timestamp() - batch.baseTimestamp(),
                Math.toIntExact(record.offset() - batch.baseOffset()),
                record.key(),
                content);
        ByteBuffer bytes = ByteBuffer.allocate(layout.sizeInBytes());
        layout.writeTo(bytes);
        sink.write(bytes.array());
    }

    @Override
    public void close() throws IOException {
        if (compressor != null) {
            compressor.close();
        }
    }

    /** What is compressed is whole when it has been closed. */
    private RecordBatch result() {
        if (compressor == null) {
            return batch;
        }
        ByteBuffer bytes = target.written();
        bytes.putInt(RecordBatch.LENGTH_POSITION, bytes.limit() - RecordBatches.LOG_OVERHEAD_SIZE);
        RecordBatch edited = new RecordBatch(bytes, 0, bytes.limit());
        edited.updateCrc();
        return edited;
    }
}
