package io.brokkr.storage.s3;

import io.brokkr.spi.storage.CorruptLogException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What of the objects that lie in a log's folder makes the log.
 *
 * @param objects each begins where the one before ends, and is of the same generation or a later one; the first one begins at the log's start or before it
 * @param leftovers what counts no more, and never will: trimmed, merged, cut off, or put by somebody who was shut out
 */
record ObjectChain(List<DataObject> objects, List<DataObject> leftovers) {

    /** Of two objects for the same offsets, the one of the later writer counts, and of one writer's the larger, which was merged. */
    private static final Comparator<DataObject> STRONGEST_FIRST = Comparator.comparingLong(DataObject::generation)
            .thenComparingLong(object -> object.endOffset() - object.baseOffset())
            .reversed()
            .thenComparing(DataObject::name);

    /**
     * Sorts out what was listed.
     *
     * @param place for messages
     * @throws CorruptLogException if there is a gap: nothing that the engine does leaves one
     */
    static ObjectChain of(String place, Collection<DataObject> listed, long startOffset) {
        Set<DataObject> chain = new LinkedHashSet<>();
        long end = startOffset;
        long generation = 0;
        for (DataObject object : withoutOverlaps(listed).values()) {
            if (object.endOffset() <= startOffset || object.generation() < generation) {
                continue;
            }
            if (object.baseOffset() > end) {
                throw new CorruptLogException("in " + place + " there are no objects for the offsets from " + end
                        + " to " + object.baseOffset() + ": restore them, or remove those behind them");
            }
            chain.add(object);
            end = object.endOffset();
            generation = object.generation();
        }
        return new ObjectChain(
                List.copyOf(chain),
                listed.stream().filter(object -> !chain.contains(object)).toList());
    }

    private static NavigableMap<Long, DataObject> withoutOverlaps(Collection<DataObject> listed) {
        NavigableMap<Long, DataObject> byBase = new TreeMap<>();
        listed.stream().sorted(STRONGEST_FIRST).forEach(object -> {
            var before = byBase.lowerEntry(object.endOffset());
            if (before == null || !before.getValue().overlaps(object)) {
                byBase.put(object.baseOffset(), object);
            }
        });
        return byBase;
    }
}
