package io.brokkr.protocol.record;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Walks through uncompressed records, as many as the batch says, which must fill the data to its end. */
final class RecordIterator implements Iterator<Record> {

    private final RecordBatch batch;
    private final ByteBuffer data;
    private final RecordReader reader;
    private int left;

    RecordIterator(RecordBatch batch, ByteBuffer data) {
        this.batch = batch;
        this.data = data;
        this.reader = new RecordReader(data, 0, data.limit());
        this.left = batch.recordCount();
        if (left < 0) {
            throw RecordReader.malformed("the batch counts " + left + " of them");
        }
        refuseLeftover();
    }

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public Record next() {
        if (left == 0) {
            throw new NoSuchElementException();
        }
        reader.limit(data.limit());
        int size = reader.readVarint();
        if (size < 0 || size > reader.remaining()) {
            throw RecordReader.malformed("its length is " + size + ", with " + reader.remaining() + " bytes left");
        }
        reader.limit(reader.position() + size);
        Record next = Record.read(reader, data, batch);
        left--;
        refuseLeftover();
        return next;
    }

    private void refuseLeftover() {
        if (left == 0 && reader.position() < data.limit()) {
            throw RecordReader.malformed(
                    (data.limit() - reader.position()) + " bytes are left after the last of " + batch.recordCount());
        }
    }
}
