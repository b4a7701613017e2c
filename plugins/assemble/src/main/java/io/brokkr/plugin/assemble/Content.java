package io.brokkr.plugin.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of what is assembled, by their paths, which have slashes and do not begin with one. In the order of the paths, whatever the order was in which they were added. */
final class Content {

    private final NavigableMap<String, Piece> pieces = new TreeMap<>();

    /**
     * Adds a file.
     *
     * @throws AssemblyException if there is one already at that place
     */
    Content add(String path, Piece piece) throws AssemblyException {
        if (pieces.putIfAbsent(path, piece) != null) {
            throw new AssemblyException("there are two files for " + path + "; give the one that you add another name");
        }
        return this;
    }

    /** Adds a file whose name says what is in it, unless it is there. */
    void addIfAbsent(String path, Piece piece) {
        pieces.putIfAbsent(path, piece);
    }

    /**
     * Adds a file, or a folder with all that is in it, links followed.
     *
     * @param executable which of the files may be run
     */
    Content addAll(String place, Path from, Predicate<Path> executable) throws AssemblyException {
        try (Stream<Path> inside = Files.walk(from)) {
            for (Path file : inside.filter(Files::isRegularFile).toList()) {
                String relative = from.relativize(file).toString().replace('\\', '/');
                add(relative.isEmpty() ? place : place + "/" + relative, Piece.file(file, executable.test(file)));
            }
            return this;
        } catch (IOException unreadable) {
            throw new AssemblyException(from + " cannot be read: " + unreadable, unreadable);
        }
    }

    NavigableMap<String, Piece> pieces() {
        return Collections.unmodifiableNavigableMap(pieces);
    }

    /** The folders that the files lie in, with a slash at the end of each, those that lie in others behind these. */
    NavigableSet<String> folders() {
        NavigableSet<String> folders = new TreeSet<>();
        for (String path : pieces.keySet()) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                folders.add(path.substring(0, slash + 1));
            }
        }
        return folders;
    }

    /** The same a folder deeper; the name ends with a slash. */
    Content under(String folder) {
        Content deeper = new Content();
        pieces.forEach((path, piece) -> deeper.pieces.put(folder + path, piece));
        return deeper;
    }
}
