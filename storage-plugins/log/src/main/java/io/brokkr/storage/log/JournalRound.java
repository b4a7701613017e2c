package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** One access to the device for what is new in many logs. Used once, by one thread, which holds the {@code maintenance} of each log that takes part. */
final class JournalRound {

    /** What is written at once. */
    static final int BUFFER_BYTES = 1 << 20;

    private final Journal journal;
    private final JournalFile file;
    private final ByteBuffer buffer;
    private long bytes;

    JournalRound(Journal journal, JournalFile file, ByteBuffer buffer) {
        this.journal = journal;
        this.file = file;
        this.buffer = buffer.clear();
    }

    /** Whether one more log has room, however much of it is new. */
    boolean hasRoom() {
        return bytes < journal.settings().mostRoundBytes() && journal.hasRoom(file, buffer.position());
    }

    /** Writes what stands in the way of one more log. If that fails, the round does. */
    void prepare() throws IOException {
        if (buffer.remaining()
                < JournalFormat.ENTRY_HEADER_BYTES + journal.settings().mostEntryBytes()) {
            write();
        }
    }

    private void write() throws IOException {
        file.write(buffer.flip());
        buffer.clear();
    }

    /** Copies what is new in a log, which the round has room for; false if it cannot be read. */
    boolean tryAdd(LogKey log, LogCheckpoints.Tail tail) {
        int start = buffer.position();
        try {
            buffer.position(start + JournalFormat.ENTRY_HEADER_BYTES).limit(buffer.position() + tail.sizeInBytes());
            tail.segment().readFully(buffer, tail.from());
        } catch (IOException unreadable) {
            buffer.position(start);
            return false;
        } finally {
            buffer.limit(buffer.capacity());
        }
        JournalFormat.EntryHeader header = new JournalFormat.EntryHeader(
                tail.sizeInBytes(),
                file.salt(),
                journal.takeNumber(),
                log,
                tail.segment().baseOffset(),
                tail.from());
        header.writeAt(start, buffer);
        bytes += header.sizeInBytes();
        return true;
    }

    /** Makes durable what was added. */
    void commit(List<SegmentedLog> logs) throws IOException {
        write();
        file.force();
        journal.note(logs, file);
    }

    /** Nobody knows what of it is durable. */
    void fail() {
        journal.fail(file);
    }

    /** To be called once, whatever became of it. */
    void end() {
        journal.endRound();
    }
}
