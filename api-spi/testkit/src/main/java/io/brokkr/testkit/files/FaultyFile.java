package io.brokkr.testkit.files;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/** A file: what programs see of it, and what is on the device. Under the lock of its {@link FaultyFileSystem}. */
final class FaultyFile implements FaultyNode {

    /** What programs see. */
    private byte[] content = new byte[0];

    /** What is there after a loss of power. */
    private byte[] durable = new byte[0];

    /** What was written since the last sync lies between these. */
    private int dirtyFrom = Integer.MAX_VALUE;

    private int dirtyTo;

    int size() {
        return content.length;
    }

    byte[] content() {
        return content;
    }

    void write(int position, byte[] bytes) {
        int end = position + bytes.length;
        if (end > content.length) {
            content = Arrays.copyOf(content, end);
        }
        System.arraycopy(bytes, 0, content, position, bytes.length);
        dirtyFrom = Math.min(dirtyFrom, position);
        dirtyTo = Math.max(dirtyTo, end);
    }

    void truncate(int size) {
        if (size < content.length) {
            content = Arrays.copyOf(content, size);
        }
    }

    void force() {
        durable = Arrays.copyOf(durable, content.length);
        int to = Math.min(dirtyTo, content.length);
        if (to > dirtyFrom) {
            System.arraycopy(content, dirtyFrom, durable, dirtyFrom, to - dirtyFrom);
        }
        takeForClean();
    }

    /** As Linux does it: the error is told once, and what was to be written counts as written. */
    void failToForce() throws IOException {
        takeForClean();
        throw new IOException("Input/output error");
    }

    private void takeForClean() {
        dirtyFrom = Integer.MAX_VALUE;
        dirtyTo = 0;
    }

    /** What a loss of power leaves: what is on the device, and of what is not, any blocks, or parts of them, in any order. */
    FaultyFile afterCrash(String name, Random random, int blockSize, FaultyFileSystem.FlipRule mayFlip) {
        byte[] left = Arrays.copyOf(durable, sizeAfterCrash(random));
        if (random.nextInt(4) > 0) {
            for (int from = 0; from < left.length; from += blockSize) {
                keepBlock(left, from, Math.min(from + blockSize, left.length), random);
            }
        }
        if (random.nextInt(3) == 0) {
            flip(name, left, random, mayFlip);
        }
        FaultyFile file = new FaultyFile();
        file.content = left;
        file.durable = left.clone();
        return file;
    }

    private int sizeAfterCrash(Random random) {
        int least = Math.min(durable.length, content.length);
        int most = Math.max(durable.length, content.length);
        return switch (random.nextInt(3)) {
            case 0 -> durable.length;
            case 1 -> content.length;
            default -> least + random.nextInt(most - least + 1);
        };
    }

    private void keepBlock(byte[] left, int from, int to, Random random) {
        int end = Math.min(to, content.length);
        switch (random.nextInt(5)) {
            case 0 -> {
                // Lost.
            }
            case 1 -> copyTo(left, from, from + random.nextInt(Math.max(1, end - from + 1)));
            default -> copyTo(left, from, end);
        }
    }

    private void copyTo(byte[] left, int from, int to) {
        if (to > from) {
            System.arraycopy(content, from, left, from, to - from);
        }
    }

    /** One bit of what was not on the device. */
    private void flip(String name, byte[] left, Random random, FaultyFileSystem.FlipRule mayFlip) {
        if (left.length == 0) {
            return;
        }
        int at = random.nextInt(left.length);
        boolean isDurable = at < durable.length && left[at] == durable[at];
        if (!isDurable && mayFlip.test(name, content, at)) {
            left[at] ^= (byte) (1 << random.nextInt(8));
        }
    }
}
