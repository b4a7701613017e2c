package io.brokkr.testkit.files;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link java.nio.file.Files} asks a {@link FaultyFileSystem} for. */
final class FaultyProvider extends FileSystemProvider {

    private final FaultyFileSystem files;

    FaultyProvider(FaultyFileSystem files) {
        this.files = files;
    }

    private static Path absolute(Path path) {
        return ((FaultyPath) path).name().toAbsolutePath().normalize();
    }

    private @Nullable FaultyNode find(Path path) throws IOException {
        files.requireReadable();
        FaultyNode node = files.top();
        for (Path name : absolute(path)) {
            if (!(node instanceof FaultyFolder folder)) {
                return null;
            }
            node = folder.entries().get(name.toString());
        }
        return node;
    }

    private FaultyNode require(Path path) throws IOException {
        FaultyNode node = find(path);
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    private FaultyFolder parentOf(Path path) throws IOException {
        Path parent = absolute(path).getParent();
        FaultyNode node = parent == null ? null : find(files.getPath(parent.toString()));
        if (node instanceof FaultyFolder folder) {
            return folder;
        }
        throw new NoSuchFileException(path.toString());
    }

    private static String nameOf(Path path) {
        return absolute(path).getFileName().toString();
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        synchronized (files) {
            FaultyNode node = find(path);
            if (options.contains(StandardOpenOption.WRITE)) {
                files.requireWritable();
            }
            if (node == null && options.contains(StandardOpenOption.CREATE)) {
                files.beforeChange();
                node = new FaultyFile();
                parentOf(path).put(nameOf(path), node);
            }
            if (node == null) {
                throw new NoSuchFileException(path.toString());
            }
            if (node instanceof FaultyFolder && options.contains(StandardOpenOption.WRITE)) {
                throw new FileSystemException(path.toString(), null, "Is a directory");
            }
            if (node instanceof FaultyFile file && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
                files.beforeChange();
                file.truncate(0);
            }
            return new FaultyChannel(files, node);
        }
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> found = new ArrayList<>();
        synchronized (files) {
            if (!(require(folder) instanceof FaultyFolder node)) {
                throw new NotDirectoryException(folder.toString());
            }
            for (String name : node.entries().keySet()) {
                Path path = folder.resolve(name);
                if (filter.accept(path)) {
                    found.add(path);
                }
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return found.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        synchronized (files) {
            if (find(folder) != null) {
                throw new FileAlreadyExistsException(folder.toString());
            }
            files.beforeChange();
            parentOf(folder).put(nameOf(folder), new FaultyFolder());
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        synchronized (files) {
            if (require(path) instanceof FaultyFolder folder
                    && !folder.entries().isEmpty()) {
                throw new DirectoryNotEmptyException(path.toString());
            }
            files.beforeChange();
            parentOf(path).remove(nameOf(path));
        }
    }

    /** Within a folder at once; from one to another as two changes, of which a crash may leave one. */
    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        synchronized (files) {
            FaultyNode node = require(source);
            files.beforeChange();
            FaultyFolder from = parentOf(source);
            FaultyFolder to = parentOf(target);
            if (from == to) {
                from.rename(nameOf(source), nameOf(target));
            } else {
                to.put(nameOf(target), node);
                from.remove(nameOf(source));
            }
        }
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        return absolute(path).equals(absolute(other));
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        synchronized (files) {
            require(path);
        }
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        synchronized (files) {
            return type.cast(new FaultyAttributes(require(path)));
        }
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return files;
    }

    @Override
    public Path getPath(URI uri) {
        return files.getPath(uri.getSchemeSpecificPart());
    }
}
