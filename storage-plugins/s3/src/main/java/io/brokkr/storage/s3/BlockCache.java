package io.brokkr.storage.s3;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of the objects is in memory, in blocks of {@value #BLOCK_BYTES} bytes; those that were used last, up to a size. Objects never change, so neither do blocks. Thread-safe; nobody waits
 * for somebody else's request.
 */
final class BlockCache {

    static final int BLOCK_BYTES = 256 << 10;

    /** What a block takes beside its bytes. */
    private static final int OVERHEAD_BYTES = 256;

    /** A larger part of the cache is not given to one object that was put. */
    private static final int LARGEST_SHARE = 4;

    private final ObjectStore store;
    private final long capacityInBytes;
    private final Map<Block, byte[]> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long sizeInBytes;

    private record Block(String key, int number) {}

    BlockCache(ObjectStore store, long capacityInBytes) {
        this.store = store;
        this.capacityInBytes = capacityInBytes;
    }

    synchronized long sizeInBytes() {
        return sizeInBytes;
    }

    private synchronized byte @Nullable [] find(String key, int number) {
        return blocks.get(new Block(key, number));
    }

    private synchronized void keep(String key, int number, byte[] bytes) {
        if (blocks.put(new Block(key, number), bytes) == null) {
            sizeInBytes += bytes.length + OVERHEAD_BYTES;
        }
        var eldest = blocks.entrySet().iterator();
        while (sizeInBytes > capacityInBytes) {
            sizeInBytes -= eldest.next().getValue().length + OVERHEAD_BYTES;
            eldest.remove();
        }
    }

    /** Keeps an object that was put, as consumers that keep up will ask for it next. */
    void keep(String key, byte[] object) {
        if (object.length > capacityInBytes / LARGEST_SHARE) {
            return;
        }
        if (object.length <= BLOCK_BYTES) {
            keep(key, 0, object);
            return;
        }
        for (int from = 0; from < object.length; from += BLOCK_BYTES) {
            int to = Math.min(object.length, from + BLOCK_BYTES);
            keep(key, from / BLOCK_BYTES, Arrays.copyOfRange(object, from, to));
        }
    }

    /**
     * A part of an object, if it is in memory.
     *
     * @param length 1 or more
     * @return read-only, position 0 to limit the length; null if it is not
     */
    @Nullable
    ByteBuffer cached(String key, int from, int length) {
        Part part = new Part(key, from, length);
        return part.firstMissing() < 0 ? part.join() : null;
    }

    /**
     * A part of an object, with one request for what is not in memory.
     *
     * @param objectSizeInBytes of the whole object
     * @param length 1 or more
     * @return read-only, position 0 to limit the length
     * @throws MissingObjectException if there is no such object
     */
    ByteBuffer load(String key, int objectSizeInBytes, int from, int length) {
        Part part = new Part(key, from, length);
        if (part.firstMissing() >= 0) {
            part.fetch(objectSizeInBytes);
        }
        return part.join();
    }

    /** Blocks that follow each other; null where one is not in memory. */
    private final class Part {

        private final String key;
        private final int from;
        private final int length;
        private final int first;
        private final byte @Nullable [][] found;

        Part(String key, int from, int length) {
            this.key = key;
            this.from = from;
            this.length = length;
            first = from / BLOCK_BYTES;
            found = new byte[(from + length - 1) / BLOCK_BYTES - first + 1][];
            for (int i = 0; i < found.length; i++) {
                found[i] = find(key, first + i);
            }
        }

        int firstMissing() {
            for (int i = 0; i < found.length; i++) {
                if (found[i] == null) {
                    return i;
                }
            }
            return -1;
        }

        private int lastMissing() {
            int last = found.length - 1;
            while (found[last] != null) {
                last--;
            }
            return last;
        }

        void fetch(int objectSizeInBytes) {
            int missing = firstMissing();
            int begin = (first + missing) * BLOCK_BYTES;
            long end = Math.min(objectSizeInBytes, (first + lastMissing() + 1L) * BLOCK_BYTES);
            byte[] bytes = store.get(key, begin, (int) (end - begin));
            for (int at = 0; at < bytes.length; at += BLOCK_BYTES) {
                byte[] block = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + BLOCK_BYTES));
                found[missing + at / BLOCK_BYTES] = block;
                keep(key, first + missing + at / BLOCK_BYTES, block);
            }
        }

        ByteBuffer join() {
            int skip = from - first * BLOCK_BYTES;
            if (found.length == 1) {
                return ByteBuffer.wrap(found[0], skip, length).slice().asReadOnlyBuffer();
            }
            ByteBuffer all = ByteBuffer.allocate(length);
            for (byte[] block : found) {
                all.put(block, skip, Math.min(block.length - skip, all.remaining()));
                skip = 0;
            }
            return all.flip().asReadOnlyBuffer();
        }
    }
}
