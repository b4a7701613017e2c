package io.brokkr.plugin.compression;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gives out what comes in pieces, however it is asked for. A stream that has failed fails for ever. */
abstract class BlockInput extends InputStream {

    private byte[] piece = new byte[0];
    private int position;
    private int limit;
    private @Nullable IOException failure;

    /** Calls {@link #offer} with the next piece, which may be an empty one; false at the end. */
    abstract boolean nextPiece() throws IOException;

    /** The next piece; the array stays as it is until the next call of {@link #nextPiece}. */
    final void offer(byte[] array, int from, int to) {
        piece = array;
        position = from;
        limit = to;
    }

    @Override
    public final int read() throws IOException {
        return position < limit || advance() ? piece[position++] & 0xFF : -1;
    }

    @Override
    public final int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position == limit && !advance()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(piece, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public final int available() {
        return limit - position;
    }

    private boolean advance() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        try {
            while (nextPiece()) {
                if (position < limit) {
                    return true;
                }
            }
            return false;
        } catch (IOException broken) {
            failure = broken;
            throw broken;
        }
    }
}
