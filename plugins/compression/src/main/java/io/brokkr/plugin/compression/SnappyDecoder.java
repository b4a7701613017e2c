package io.brokkr.plugin.compression;

import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes blocks of Snappy, a part at a time: a bare block is as large as what it holds.
 *
 * <pre>
 * block    the length of what it holds, in groups of 7 bits, the lowest first; then elements:
 * literal  length - 1 in 6 bits, 00 | the bytes          60 to 63 in the 6 bits: length - 1 is in the next 1 to 4 bytes
 * copy     offset's high 3 bits, length - 4 in 3 bits, 01 | offset's low byte
 *          length - 1 in 6 bits, 10 | offset in 2 bytes
 *          length - 1 in 6 bits, 11 | offset in 4 bytes      all of them with their low bytes first
 * </pre>
 *
 * <p>A copy may refer to anything in its block that came before. The window here grows as it fills, up to twice {@value #MAX_DISTANCE_BYTES} bytes, and what refers
 * further back is refused. The reference's encoder refers 64 KiB back, and the furthest-reaching one that is known to be used 4 MiB.
 */
final class SnappyDecoder {

    static final int MAX_DISTANCE_BYTES = 8 << 20;
    private static final int MAX_WINDOW_BYTES = 2 * MAX_DISTANCE_BYTES;
    private static final int PART_BYTES = 32 * 1024;
    private static final int LONGEST_COPY = 64;

    private final CompressedInput input;
    private byte[] window = new byte[0];
    private int end;
    private long blockEnd;
    private long left;
    private long literalLeft;

    SnappyDecoder(CompressedInput input) {
        this.input = input;
    }

    /**
     * Begins a block. The block before is forgotten.
     *
     * @param blockEnd where it ends, counted as {@link CompressedInput#taken} does
     */
    void begin(long blockEnd) throws IOException {
        this.blockEnd = blockEnd;
        end = 0;
        literalLeft = 0;
        left = 0;
        int shift = 0;
        int group;
        do {
            group = input.next();
            left |= (long) (group & 0x7F) << shift;
            shift += 7;
        } while (group >= 0x80 && shift < 35);
        if (group >= 0x80 || left > 0xFFFF_FFFFL) {
            throw new IOException("a block of Snappy begins with the length of what it holds, and this is none");
        }
    }

    /** The window. */
    byte[] decoded() {
        return window;
    }

    /** Where what was decoded ends in the window. */
    int end() {
        return end;
    }

    /** Decodes some more; returns where it begins in the window, or a negative number if the block is at its end. */
    int decodeMore() throws IOException {
        if (left == 0) {
            return -1;
        }
        int aim = (int) Math.min(PART_BYTES, left);
        makeRoom(aim + LONGEST_COPY);
        int from = end;
        while (end - from < aim) {
            if (literalLeft > 0) {
                literal(aim - (end - from));
            } else {
                element();
            }
        }
        left -= end - from;
        if (left < literalLeft || input.taken() > blockEnd) {
            throw new IOException("a block of Snappy holds more than it says");
        }
        return from;
    }

    private void makeRoom(int room) {
        if (window.length - end >= room) {
            return;
        }
        if (window.length < MAX_WINDOW_BYTES) {
            window = Arrays.copyOf(window, Math.min(MAX_WINDOW_BYTES, Math.max(2 * window.length, end + room)));
        }
        if (window.length - end < room) {
            System.arraycopy(window, end - MAX_DISTANCE_BYTES, window, 0, MAX_DISTANCE_BYTES);
            end = MAX_DISTANCE_BYTES;
        }
    }

    private void element() throws IOException {
        int tag = input.next();
        int inTag = tag >>> 2;
        switch (tag & 3) {
            case 0 -> literalLeft = inTag < 60 ? inTag + 1 : longLength(inTag - 59);
            case 1 -> copy((tag >>> 5) << 8 | input.next(), (inTag & 7) + 4);
            case 2 -> copy(input.next() | input.next() << 8, inTag + 1);
            default -> copy(input.nextLittleEndianInt(), inTag + 1);
        }
    }

    private long longLength(int bytes) throws IOException {
        long length = 0;
        for (int i = 0; i < bytes; i++) {
            length |= (long) input.next() << (8 * i);
        }
        return length + 1;
    }

    private void literal(int most) throws IOException {
        int count = (int) Math.min(most, literalLeft);
        input.read(window, end, count);
        end += count;
        literalLeft -= count;
    }

    private void copy(int distance, int length) throws IOException {
        if (distance <= 0 || distance > Math.min(end, MAX_DISTANCE_BYTES)) {
            throw new IOException("a copy in a block of Snappy refers " + Integer.toUnsignedString(distance)
                    + " bytes back, where there are " + Math.min(end, MAX_DISTANCE_BYTES));
        }
        int from = end - distance;
        if (distance >= length) {
            System.arraycopy(window, from, window, end, length);
        } else {
            for (int i = 0; i < length; i++) {
                window[end + i] = window[from + i];
            }
        }
        end += length;
    }
}
