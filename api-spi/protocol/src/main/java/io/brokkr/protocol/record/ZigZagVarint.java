package io.brokkr.protocol.record;

import java.nio.ByteBuffer;

/**
 * Signed numbers in as few bytes as their magnitude needs, 7 bits a byte, the lowest first (the encoding of Protocol Buffers'
 * {@code sint64}). A number in the range of {@code int} has the same bytes as varint and as varlong.
 */
final class ZigZagVarint {

    private ZigZagVarint() {}

    private static long encode(long number) {
        return (number << 1) ^ (number >> 63);
    }

    /** The number of bytes, 1 to 10. */
    static int sizeOf(long number) {
        int significantBits = Long.SIZE - Long.numberOfLeadingZeros(encode(number) | 1);
        return (significantBits + 6) / 7;
    }

    static void put(ByteBuffer target, long number) {
        long rest = encode(number);
        while ((rest & ~0x7FL) != 0) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }
}
