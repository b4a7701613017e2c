package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Compares the entries of one index with the batches of its segment, which come one by one in their order. What would lead a search astray is a fault; an entry that only makes it longer, as
 * those of other brokers may, is none. The layouts stand in {@link IndexFile}.
 */
final class IndexCheck {

    private final IndexFile.Layout layout;
    private final long segmentBase;
    private final ByteBuffer entries;
    private int at;
    private long maxTimestamp = -1;
    private @Nullable String fault;
    private int faultAt;

    private IndexCheck(IndexFile.Layout layout, long segmentBase, ByteBuffer entries) {
        this.layout = layout;
        this.segmentBase = segmentBase;
        this.entries = entries;
        checkOrder();
    }

    /** Of a file that may be missing, which is no fault: searches then take longer. */
    static IndexCheck of(Path file, IndexFile.Layout layout, long segmentBase) throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            content = new byte[0];
        }
        return new IndexCheck(layout, segmentBase, ByteBuffer.wrap(content));
    }

    private void checkOrder() {
        if (entries.limit() % layout.entrySize() != 0) {
            fail(entries.limit() / layout.entrySize(), "the file ends within an entry");
            return;
        }
        for (int i = 1; i < count(); i++) {
            IndexFile.Entry before = layout.get(entries, i - 1);
            IndexFile.Entry entry = layout.get(entries, i);
            if (entry.key() <= before.key() || entry.value() < before.value()) {
                fail(
                        i,
                        "the entry " + entry.key() + ", " + entry.value() + " follows " + before.key() + ", "
                                + before.value() + ", and entries must ascend");
                return;
            }
        }
    }

    private int count() {
        return entries.limit() / layout.entrySize();
    }

    /** The next batch. */
    void batch(long position, long baseOffset, long lastOffset, long timestamp) {
        while (fault == null && at < count() && check(layout.get(entries, at), position, baseOffset, lastOffset)) {
            at++;
        }
        maxTimestamp = Math.max(maxTimestamp, timestamp);
    }

    /** Whether the entry is done with. */
    private boolean check(IndexFile.Entry entry, long position, long baseOffset, long lastOffset) {
        if (layout == IndexFile.Layout.TIMES) {
            if (segmentBase + entry.value() > lastOffset) {
                return false;
            }
            if (entry.value() < 0) {
                fail(
                        at,
                        "the entry for the time " + entry.key() + " points at offset " + (segmentBase + entry.value())
                                + ", which lies before the segment");
            } else if (entry.key() < maxTimestamp) {
                fail(
                        at,
                        "the entry for the time " + entry.key() + " points at offset " + (segmentBase + entry.value())
                                + ", and there is the time " + maxTimestamp + " before it");
            }
            return fault == null;
        }
        if (entry.value() > position) {
            return false;
        }
        if (entry.value() < position) {
            fail(
                    at,
                    "the entry for offset " + (segmentBase + entry.key()) + " points at position " + entry.value()
                            + ", where no batch begins");
        } else if (segmentBase + entry.key() < baseOffset) {
            fail(
                    at,
                    "the entry for offset " + (segmentBase + entry.key()) + " points at position " + entry.value()
                            + ", where the batch of offset " + baseOffset + " is");
        }
        return fault == null;
    }

    /** After the last batch. */
    void end() {
        if (fault == null && at < count()) {
            IndexFile.Entry entry = layout.get(entries, at);
            fail(at, "the entry " + entry.key() + ", " + entry.value() + " points behind the last batch");
        }
    }

    private void fail(int entry, String reason) {
        fault = reason;
        faultAt = entry * layout.entrySize();
    }

    /** What was found first; null if nothing is wrong. */
    @Nullable
    Fault fault(Path file) {
        return fault == null
                ? null
                : new Fault(
                        file,
                        new Fault.Extent(faultAt, entries.limit(), Fault.UNKNOWN, Fault.UNKNOWN),
                        fault,
                        "let brokkr log repair make the index anew from the batches");
    }
}
