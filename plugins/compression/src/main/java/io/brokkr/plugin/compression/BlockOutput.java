package io.brokkr.plugin.compression;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Gathers what is written into blocks of one size; only the last may be smaller. */
abstract class BlockOutput extends OutputStream {

    private final byte[] block;
    private int length;
    private boolean closed;

    BlockOutput(int blockBytes) {
        block = new byte[blockBytes];
    }

    /** Takes a block of at least one byte. */
    abstract void writeBlock(byte[] bytes, int count) throws IOException;

    /** Comes after the last block, once, whatever happened before. */
    abstract void end() throws IOException;

    @Override
    public final void write(int value) throws IOException {
        checkOpen();
        block[length++] = (byte) value;
        if (length == block.length) {
            writeGathered();
        }
    }

    @Override
    public final void write(byte[] source, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, source.length);
        checkOpen();
        int from = offset;
        int left = count;
        while (left > 0) {
            int part = Math.min(left, block.length - length);
            System.arraycopy(source, from, block, length, part);
            length += part;
            from += part;
            left -= part;
            if (length == block.length) {
                writeGathered();
            }
        }
    }

    @Override
    public final void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (length > 0) {
                writeGathered();
            }
        } finally {
            end();
        }
    }

    private void writeGathered() throws IOException {
        int count = length;
        length = 0;
        writeBlock(block, count);
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
    }
}
