package io.brokkr.plugin.assemble;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.jspecify.annotations.Nullable;

/** A tar of content, in which everything belongs to root and has the same time. */
final class TarArchive {

    private static final int FOLDER_MODE = 0755;

    /** In the header of gzip: made on Unix. Java writes another number in some of its versions. */
    private static final int UNIX = 3;

    private final TarArchiveOutputStream tar;
    private final FileTime time;

    private TarArchive(TarArchiveOutputStream tar, Instant time) {
        this.tar = tar;
        this.time = FileTime.from(time);
    }

    /** A {@code tar.gz}; leaves the stream open. */
    static void writeCompressed(Content content, Instant time, OutputStream out) throws IOException {
        GzipCompressorOutputStream gzip = gzip(out);
        write(content, time, gzip);
        gzip.finish();
    }

    /** What {@link #writeCompressed} makes of a {@code tar}. */
    static byte[] compress(byte[] tar) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GzipCompressorOutputStream gzip = gzip(compressed)) {
            gzip.write(tar);
        }
        return compressed.toByteArray();
    }

    private static GzipCompressorOutputStream gzip(OutputStream out) throws IOException {
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(Deflater.BEST_COMPRESSION);
        parameters.setOperatingSystem(UNIX);
        return new GzipCompressorOutputStream(out, parameters);
    }

    /** A {@code tar}; leaves the stream open. */
    static void write(Content content, Instant time, OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        new TarArchive(tar, time).write(content);
        tar.finish();
    }

    private void write(Content content) throws IOException {
        Map<String, @Nullable Piece> entries = new TreeMap<>(content.pieces());
        content.folders().forEach(folder -> entries.put(folder, null));
        for (Map.Entry<String, @Nullable Piece> entry : entries.entrySet()) {
            put(entry.getKey(), entry.getValue());
        }
    }

    private void put(String path, @Nullable Piece piece) throws IOException {
        byte[] bytes = piece == null ? new byte[0] : piece.bytes();
        String target = piece == null ? null : piece.linkTarget();
        TarArchiveEntry entry =
                target == null ? new TarArchiveEntry(path) : new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
        if (target != null) {
            entry.setLinkName(target);
        }
        entry.setMode(piece == null ? FOLDER_MODE : mode(piece));
        entry.setSize(bytes.length);
        entry.setModTime(time);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    static int mode(Piece piece) {
        if (piece.linkTarget() != null) {
            return 0777;
        }
        return piece.executable() ? 0755 : 0644;
    }
}
