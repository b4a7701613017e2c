package io.brokkr.plugin.assemble;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** A zip of content without links, with the modes that Unix takes out of it. */
final class ZipArchive {

    private static final int REGULAR_FILE = 0100000;

    private ZipArchive() {}

    /** Leaves the stream open. */
    static void write(Content content, Instant time, OutputStream out) throws IOException {
        ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out);
        zip.setLevel(Deflater.BEST_COMPRESSION);
        zip.setEncoding("UTF-8");
        for (Map.Entry<String, Piece> file : content.pieces().entrySet()) {
            byte[] bytes = file.getValue().bytes();
            ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
            entry.setUnixMode(REGULAR_FILE | TarArchive.mode(file.getValue()));
            entry.setTime(wallClock(time));
            entry.setSize(bytes.length);
            zip.putArchiveEntry(entry);
            zip.write(bytes);
            zip.closeArchiveEntry();
        }
        zip.finish();
    }

    /** The moment at which a clock of this place shows what a clock of UTC shows at that time: a zip holds what the clock shows. */
    private static long wallClock(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC)
                .atZone(ZoneId.systemDefault())
                .toInstant()
                .toEpochMilli();
    }
}
