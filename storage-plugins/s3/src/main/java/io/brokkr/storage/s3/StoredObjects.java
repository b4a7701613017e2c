package io.brokkr.storage.s3;

import io.brokkr.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The objects of a log that are in the store, without gaps between them. Guarded by the monitor of {@link S3Log}. */
final class StoredObjects {

    /** So many objects are merged at least, so that it pays. */
    private static final int LEAST_MERGED = 16;

    /** Objects up to this size are merged with others of any size, since they cost a request each and next to nothing else. */
    private static final long TINY_BYTES = 64 << 10;

    private final NavigableMap<Long, DataObject> byBase = new TreeMap<>();
    private long sizeInBytes;

    long sizeInBytes() {
        return sizeInBytes;
    }

    void add(DataObject object) {
        byBase.put(object.baseOffset(), object);
        sizeInBytes += object.dataSizeInBytes();
    }

    private void removeAll(Collection<DataObject> some) {
        for (DataObject object : some) {
            byBase.remove(object.baseOffset());
            sizeInBytes -= object.dataSizeInBytes();
        }
    }

    boolean contains(DataObject object) {
        return object.equals(byBase.get(object.baseOffset()));
    }

    /** In ascending order. */
    Collection<DataObject> all() {
        return byBase.values();
    }

    /** The one whose range an offset lies in; null if it lies behind all of them. */
    @Nullable
    DataObject holding(long offset) {
        Map.Entry<Long, DataObject> floor = byBase.floorEntry(offset);
        return floor != null && floor.getValue().endOffset() > offset ? floor.getValue() : null;
    }

    /** Takes out those that lie before an offset as a whole. */
    List<DataObject> removeBefore(long startOffset) {
        List<DataObject> before = byBase.headMap(startOffset).values().stream()
                .filter(object -> object.endOffset() <= startOffset)
                .toList();
        removeAll(before);
        return before;
    }

    /** Those that reach beyond an offset, the last one first. */
    List<DataObject> reachingBeyond(long endOffset) {
        List<DataObject> beyond = new ArrayList<>();
        for (DataObject object : byBase.descendingMap().values()) {
            if (object.endOffset() <= endOffset) {
                break;
            }
            beyond.add(object);
        }
        return beyond;
    }

    /** Puts others, or none, in the place of some; false if one of those is not there any more. */
    boolean replace(List<DataObject> some, List<DataObject> others) {
        if (!some.stream().allMatch(this::contains)) {
            return false;
        }
        removeAll(some);
        others.forEach(this::add);
        return true;
    }

    /**
     * The last objects, if there are so many small ones that they should become one. An older one belongs to them if it is not larger than all that come after it, so that no batch is written
     * anew more often than the logarithm of the sizes.
     *
     * @return in ascending order; empty if there is nothing to do
     */
    List<DataObject> mergeable(int largestInBytes) {
        List<DataObject> last = new ArrayList<>();
        long total = 0;
        for (DataObject object : byBase.descendingMap().values()) {
            long size = object.dataSizeInBytes();
            boolean belongs = last.isEmpty() || size <= Math.max(total, TINY_BYTES);
            if (!belongs || total + size > largestInBytes) {
                break;
            }
            last.add(object);
            total += size;
        }
        Collections.reverse(last);
        return last.size() < LEAST_MERGED ? List.of() : last;
    }

    /** Each of them can be forgotten for itself. */
    List<LogSegment> segments() {
        List<LogSegment> segments = new ArrayList<>();
        byBase.values()
                .forEach(object -> segments.add(new LogSegment(
                        object.baseOffset(), object.endOffset(), object.dataSizeInBytes(), object.maxTimestamp())));
        return segments;
    }
}
