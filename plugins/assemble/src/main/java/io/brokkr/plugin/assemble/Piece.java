package io.brokkr.plugin.assemble;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of what is assembled: one that lies somewhere, some text, or a symbolic link.
 *
 * @param executable whether it may be run
 * @param linkTarget where it leads if it is a link, seen from its place; else null
 */
record Piece(Source source, boolean executable, @Nullable String linkTarget) {

    /** Where bytes come from; the same ones each time. */
    interface Source {
        InputStream open() throws IOException;
    }

    static Piece file(Path file, boolean executable) {
        return new Piece(() -> Files.newInputStream(file), executable, null);
    }

    static Piece text(String text, boolean executable) {
        return new Piece(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), executable, null);
    }

    static Piece bytes(byte[] bytes) {
        return new Piece(() -> new ByteArrayInputStream(bytes), false, null);
    }

    /** To what lies at that place of the same archive. */
    static Piece link(String target) {
        return new Piece(InputStream::nullInputStream, false, target);
    }

    /** In bytes. Reads all of it, so that what is told of a file is true of what is written. */
    byte[] bytes() throws IOException {
        try (InputStream stream = source.open()) {
            return stream.readAllBytes();
        }
    }
}
