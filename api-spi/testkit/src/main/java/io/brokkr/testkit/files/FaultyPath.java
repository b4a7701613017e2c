package io.brokkr.testkit.files;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A path of a {@link FaultyFileSystem}: the names of the system's own, and another file system. */
final class FaultyPath implements Path {

    private final FaultyFileSystem fileSystem;
    private final Path name;

    FaultyPath(FaultyFileSystem fileSystem, Path name) {
        this.fileSystem = fileSystem;
        this.name = name;
    }

    Path name() {
        return name;
    }

    private Path of(Path other) {
        return new FaultyPath(fileSystem, other);
    }

    private @Nullable Path ofNullable(@Nullable Path other) {
        return other == null ? null : of(other);
    }

    private static Path nameOf(Path path) {
        return ((FaultyPath) path).name;
    }

    @Override
    public FileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return name.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
        return ofNullable(name.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
        return ofNullable(name.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
        return ofNullable(name.getParent());
    }

    @Override
    public int getNameCount() {
        return name.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return of(name.getName(index));
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
        return of(name.subpath(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof FaultyPath path && path.fileSystem == fileSystem && name.startsWith(path.name);
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof FaultyPath path && path.fileSystem == fileSystem && name.endsWith(path.name);
    }

    @Override
    public Path normalize() {
        return of(name.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return of(name.resolve(nameOf(other)));
    }

    @Override
    public Path relativize(Path other) {
        return of(name.relativize(nameOf(other)));
    }

    @Override
    public URI toUri() {
        return URI.create("faulty:" + name);
    }

    @Override
    public Path toAbsolutePath() {
        return of(name.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return of(name.toAbsolutePath().normalize());
    }

    /** A file that is nowhere. */
    @Override
    public java.io.File toFile() {
        return new java.io.File("/nowhere" + name);
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return name.compareTo(nameOf(other));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FaultyPath path && path.fileSystem == fileSystem && path.name.equals(name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(System.identityHashCode(fileSystem), name);
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
