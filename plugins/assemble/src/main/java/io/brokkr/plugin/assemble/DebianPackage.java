package io.brokkr.plugin.assemble;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;

/**
 * A package for {@code dpkg}: the broker in {@code /opt/brokkr}, its configuration in {@code /etc/brokkr}, a user and a service of its own, and the data in {@code /var/lib/brokkr}, which
 * stays when the package goes.
 */
final class DebianPackage {

    static final String DATA_FOLDER = "/var/lib/brokkr";

    private static final String HOME = "./opt/brokkr/";
    private static final String CONFIGURATION = "./etc/brokkr/";
    private static final int FILE_MODE = 0100644;
    private static final int BYTES_PER_KILOBYTE = 1024;

    private final Content content;
    private final Release release;

    DebianPackage(Content content, Release release) {
        this.content = content;
        this.release = release;
    }

    /** Writes all of it, and leaves the stream open. */
    void write(OutputStream out) throws IOException {
        Content files = files();
        ArArchiveOutputStream archive = new ArArchiveOutputStream(out);
        put(archive, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
        put(archive, "control.tar.gz", tar(control(files)));
        put(archive, "data.tar.gz", tar(files));
        archive.finish();
    }

    private void put(ArArchiveOutputStream archive, String name, byte[] bytes) throws IOException {
        archive.putArchiveEntry(new ArArchiveEntry(
                name, bytes.length, 0, 0, FILE_MODE, release.time().getEpochSecond()));
        archive.write(bytes);
        archive.closeArchiveEntry();
    }

    private byte[] tar(Content inside) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarArchive.writeCompressed(inside, release.time(), bytes);
        return bytes.toByteArray();
    }

    private Content files() throws IOException {
        try {
            Content files = new Content();
            for (Map.Entry<String, Piece> file : content.pieces().entrySet()) {
                boolean configuration = file.getKey().startsWith("conf/");
                files.add(
                        configuration
                                ? CONFIGURATION + file.getKey().substring("conf/".length())
                                : HOME + file.getKey(),
                        file.getValue());
            }
            return files.add(HOME + "conf", Piece.link("../../etc/brokkr"))
                    .add("./usr/bin/brokkr", Piece.link("../../opt/brokkr/bin/brokkr"))
                    .add("./usr/lib/systemd/system/brokkr.service", Piece.text(DebianScripts.SERVICE, false));
        } catch (AssemblyException twice) {
            throw new IllegalStateException(twice);
        }
    }

    private Content control(Content files) throws IOException {
        StringBuilder sums = new StringBuilder();
        StringBuilder configuration = new StringBuilder();
        long size = 0;
        for (Map.Entry<String, Piece> file : files.pieces().entrySet()) {
            byte[] bytes = file.getValue().bytes();
            size += bytes.length;
            String path = file.getKey().substring("./".length());
            if (file.getValue().linkTarget() == null) {
                sums.append(Hashes.of("MD5", bytes)).append("  ").append(path).append('\n');
            }
            if (file.getKey().startsWith(CONFIGURATION)) {
                configuration.append('/').append(path).append('\n');
            }
        }
        try {
            return new Content()
                    .add("./control", Piece.text(fields(size), false))
                    .add("./md5sums", Piece.text(sums.toString(), false))
                    .add("./conffiles", Piece.text(configuration.toString(), false))
                    .add("./postinst", Piece.text(DebianScripts.AFTER_INSTALLATION, true))
                    .add("./prerm", Piece.text(DebianScripts.BEFORE_REMOVAL, true))
                    .add("./postrm", Piece.text(DebianScripts.AFTER_REMOVAL, true));
        } catch (AssemblyException twice) {
            throw new IllegalStateException(twice);
        }
    }

    private String fields(long size) {
        return """
                Package: brokkr
                Version: %s
                Architecture: %s
                Maintainer: The Brokkr project
                Installed-Size: %d
                Depends: passwd, %s
                Section: net
                Priority: optional
                Description: Kafka-compatible broker that is assembled from plugins
                 It has %s.
                """
                .formatted(
                        // So that the release counts as newer than what led to it.
                        release.version().replace("-", "~"),
                        release.architecture().isEmpty() ? "all" : release.packageArchitecture(),
                        size / BYTES_PER_KILOBYTE + 1,
                        release.architecture().isEmpty()
                                ? "java17-runtime-headless"
                                : "libc6, libgcc-s1, libstdc++6, zlib1g",
                        release.description());
    }
}
