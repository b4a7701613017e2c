package io.brokkr.plugin.compression;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Encodes blocks of Snappy: looks for four bytes that came before, in a table of the last place of each hash, and looks the more rarely the longer it has found
 * nothing. {@link SnappyDecoder} draws the format.
 */
final class SnappyEncoder {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int TABLE_BITS = 14;
    private static final int HASH_FACTOR = 0x1E35A7BD;
    private static final int SHORTEST_COPY = 4;
    private static final int LONGEST_COPY = 64;

    /** After how many misses the step grows by one, as a power of two. */
    private static final int MISSES_BITS = 5;

    private final char[] table = new char[1 << TABLE_BITS];
    private final byte[] target;
    private int end;

    /**
     * For blocks up to a size.
     *
     * @param maxBlockBytes 65,536 at most
     */
    SnappyEncoder(int maxBlockBytes) {
        // The bound that the reference's encoder has too: what a literal costs is made good by the copy before it, but
        // for a sixth.
        target = new byte[32 + maxBlockBytes + maxBlockBytes / 6];
    }

    /** What {@link #encode} made, until it is called again. */
    byte[] encoded() {
        return target;
    }

    /** Encodes the first bytes of an array as one block, and returns how many bytes that takes. */
    int encode(byte[] source, int count) {
        end = 0;
        length(count);
        Arrays.fill(table, (char) 0);
        int literalFrom = 0;
        int position = 1;
        int misses = 1 << MISSES_BITS;
        while (position + Long.BYTES <= count) {
            int bytes = (int) INTS.get(source, position);
            int slot = (bytes * HASH_FACTOR) >>> (Integer.SIZE - TABLE_BITS);
            int candidate = table[slot];
            table[slot] = (char) position;
            if ((int) INTS.get(source, candidate) == bytes) {
                literal(source, literalFrom, position);
                int length = SHORTEST_COPY + same(source, candidate + SHORTEST_COPY, position + SHORTEST_COPY, count);
                copy(position - candidate, length);
                position += length;
                literalFrom = position;
                misses = 1 << MISSES_BITS;
            } else {
                position += misses++ >>> MISSES_BITS;
            }
        }
        literal(source, literalFrom, count);
        return end;
    }

    private static int same(byte[] source, int first, int second, int limit) {
        int position = second;
        int distance = second - first;
        while (position + Long.BYTES <= limit) {
            long difference = (long) LONGS.get(source, position) ^ (long) LONGS.get(source, position - distance);
            if (difference != 0) {
                return position - second + (Long.numberOfTrailingZeros(difference) >>> 3);
            }
            position += Long.BYTES;
        }
        while (position < limit && source[position] == source[position - distance]) {
            position++;
        }
        return position - second;
    }

    private void length(int count) {
        int left = count;
        while (left >= 0x80) {
            target[end++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        target[end++] = (byte) left;
    }

    private void literal(byte[] source, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return;
        }
        int coded = length - 1;
        if (coded < 60) {
            target[end++] = (byte) (coded << 2);
        } else if (coded < 1 << 8) {
            target[end++] = (byte) (60 << 2);
            target[end++] = (byte) coded;
        } else {
            target[end++] = (byte) (61 << 2);
            target[end++] = (byte) coded;
            target[end++] = (byte) (coded >>> 8);
        }
        System.arraycopy(source, from, target, end, length);
        end += length;
    }

    private void copy(int distance, int length) {
        int left = length;
        while (left >= LONGEST_COPY + SHORTEST_COPY) {
            longCopy(distance, LONGEST_COPY);
            left -= LONGEST_COPY;
        }
        if (left > LONGEST_COPY) {
            // So that what remains is not too short for a short copy.
            longCopy(distance, LONGEST_COPY - SHORTEST_COPY);
            left -= LONGEST_COPY - SHORTEST_COPY;
        }
        if (left < 12 && distance < 1 << 11) {
            target[end++] = (byte) ((distance >>> 8) << 5 | (left - 4) << 2 | 1);
            target[end++] = (byte) distance;
        } else {
            longCopy(distance, left);
        }
    }

    private void longCopy(int distance, int length) {
        target[end++] = (byte) ((length - 1) << 2 | 2);
        target[end++] = (byte) distance;
        target[end++] = (byte) (distance >>> 8);
    }
}
