package io.brokkr.storage.log;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodecs;
import io.brokkr.protocol.record.InvalidRecordBatchException;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.protocol.record.RecordStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Prints the content of segments and indexes for people to read, whatever the bytes are. Used by one thread. */
final class FileDump {

    private final PrintStream out;
    private final CompressionCodecs codecs;
    private final boolean records;
    private final long from;
    private final long most;

    /**
     * Says what to print.
     *
     * @param records whether to print the records too
     * @param from the offset of the first batch or entry
     * @param most how many batches or entries of a file
     */
    FileDump(PrintStream out, CompressionCodecs codecs, boolean records, long from, long most) {
        this.out = out;
        this.codecs = codecs;
        this.records = records;
        this.from = from;
        this.most = most;
    }

    /** Whether a file's name is that of a segment or an index. */
    static boolean isKnown(Path file) {
        return baseOffset(file).isPresent();
    }

    private static OptionalLong baseOffset(Path file) {
        String name = String.valueOf(file.getFileName());
        for (String suffix :
                new String[] {IndexFile.Layout.OFFSETS.suffix(), IndexFile.Layout.TIMES.suffix(), Segment.LOG_SUFFIX}) {
            if (name.endsWith(suffix)) {
                return Segment.baseOffsetIn(name.substring(0, name.length() - suffix.length()) + Segment.LOG_SUFFIX);
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Prints a file.
     *
     * @return whether all of it is what it must be
     * @throws ToolUsageException if the name is not that of a segment or an index
     */
    boolean print(Path file) throws IOException {
        long base = baseOffset(file)
                .orElseThrow(() -> new ToolUsageException(
                        file + " is no .log, .index or .timeindex whose name is an offset in 20 digits"));
        out.println(file);
        for (IndexFile.Layout layout : IndexFile.Layout.values()) {
            if (file.toString().endsWith(layout.suffix())) {
                return printIndex(ByteBuffer.wrap(Files.readAllBytes(file)), layout, base);
            }
        }
        Segments lines = new Segments();
        new SegmentScan(SegmentScan.map(file), base, lines).run();
        return lines.sound;
    }

    private boolean printIndex(ByteBuffer entries, IndexFile.Layout layout, long base) {
        int count = entries.limit() / layout.entrySize();
        long printed = 0;
        for (int i = 0; i < count && printed < most; i++) {
            IndexFile.Entry entry = layout.get(entries, i);
            boolean times = layout == IndexFile.Layout.TIMES;
            long offset = base + (times ? entry.value() : entry.key());
            if (offset >= from) {
                out.println(
                        "  " + (times ? "time " + entry.key() : "position " + entry.value()) + ", offset " + offset);
                printed++;
            }
        }
        int left = entries.limit() % layout.entrySize();
        if (left > 0) {
            out.println("  " + left + " bytes at the end are no entry");
        }
        return left == 0;
    }

    private final class Segments implements SegmentScan.Visitor {

        private long printed;
        private boolean sound = true;

        @Override
        public void batch(int position, RecordBatch batch) {
            if (batch.lastOffset() < from || printed >= most) {
                return;
            }
            printed++;
            out.println("  offsets " + batch.baseOffset() + " to " + batch.lastOffset() + ", position " + position
                    + ", "
                    + batch.sizeInBytes() + " bytes, " + batch.recordCount() + " records, " + codec(batch)
                    + ", timestamps " + batch.baseTimestamp() + " to " + batch.maxTimestamp() + ", leader epoch "
                    + batch.partitionLeaderEpoch() + producer(batch)
                    + (batch.isTransactional() ? ", transactional" : "")
                    + (batch.isControl() ? ", control" : "") + ", CRC ok");
            if (records) {
                printRecords(batch);
            }
        }

        @Override
        public void damage(SegmentScan.Damage damage, long least) {
            sound = false;
            if (printed < most) {
                out.println("  DAMAGED position " + damage.position() + ", " + (damage.end() - damage.position())
                        + " bytes: " + damage.reason());
            }
        }
    }

    private static String codec(RecordBatch batch) {
        try {
            return batch.compression() == Compression.NONE
                    ? "not compressed"
                    : batch.compression().text();
        } catch (InvalidRecordBatchException unknown) {
            return "of an unknown compression";
        }
    }

    private static String producer(RecordBatch batch) {
        return batch.hasProducerId()
                ? ", producer " + batch.producerId() + " epoch " + batch.producerEpoch() + " sequence "
                        + batch.baseSequence()
                : "";
    }

    private void printRecords(RecordBatch batch) {
        try (RecordStream stream = RecordStream.open(batch, codecs)) {
            while (stream.hasNext()) {
                out.println("    " + text(stream.next()));
            }
        } catch (InvalidRecordBatchException unreadable) {
            out.println("    the records cannot be shown: " + unreadable.getMessage());
        }
    }

    private static String text(Record record) {
        String headers = record.headers().isEmpty()
                ? ""
                : record.headers().stream().map(FileDump::text).collect(Collectors.joining(", ", ", headers {", "}"));
        return "offset " + record.offset() + ", timestamp " + record.timestamp() + ", key "
                + PrintableBytes.text(record.key()) + ", value " + PrintableBytes.text(record.value()) + headers;
    }

    private static String text(RecordHeader header) {
        return PrintableBytes.quoted(header.key()) + ": " + PrintableBytes.text(header.value());
    }
}
