package io.brokkr.storage.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Real files in one folder, and the knowledge of what a loss of power may leave of them: the bytes of a file are certain when the file was forced, its name when
 * the folder was forced. Changes of names come to the device in their order, as with a journal.
 */
final class UncertainDevice implements FileOperations {

    /** A file, whatever it is called. */
    private static final class Content {
        private @Nullable Path path;
        private byte[] last = {};
        private byte[] certain = {};

        byte[] now() throws IOException {
            return path == null ? last : Files.readAllBytes(path);
        }

        void loseName() throws IOException {
            last = now();
            path = null;
        }
    }

    private final Random random;
    private final Map<Path, Content> names = new TreeMap<>();
    private Map<Path, Content> certainNames;

    /** Changes of names that the device may not know. */
    private final List<Consumer<Map<Path, Content>>> renamings = new ArrayList<>();

    private @Nullable Runnable beforeEach;

    /** A folder of which everything is on the device. */
    UncertainDevice(Path folder, Random random) throws IOException {
        this.random = random;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Content content = new Content();
                content.path = file;
                content.certain = content.now();
                names.put(file, content);
            }
        }
        certainNames = new TreeMap<>(names);
    }

    /** Lets a test look before each operation that changes something. */
    synchronized void beforeEach(@Nullable Runnable look) {
        beforeEach = look;
    }

    private void begin() {
        if (beforeEach != null) {
            beforeEach.run();
        }
    }

    private void rename(Consumer<Map<Path, Content>> change) {
        change.accept(names);
        renamings.add(change);
    }

    @Override
    public synchronized FileChannel open(Path file, OpenOption... options) throws IOException {
        if (Files.isDirectory(file)) {
            return new FolderChannel(FileChannel.open(file, options));
        }
        if (!Files.exists(file)) {
            begin();
        }
        FileChannel channel = FileChannel.open(file, options);
        Content content = names.get(file);
        if (content == null) {
            Content made = new Content();
            made.path = file;
            rename(all -> all.put(file, made));
            content = made;
        }
        return new ContentChannel(channel, content);
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        begin();
        Content moved = names.get(from);
        Content replaced = names.get(to);
        if (replaced != null) {
            replaced.loseName();
        }
        FileOperations.super.move(from, to);
        moved.path = to;
        rename(all -> {
            all.remove(from);
            all.put(to, moved);
        });
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        Content deleted = names.get(file);
        if (deleted != null) {
            begin();
            deleted.loseName();
            FileOperations.super.delete(file);
            rename(all -> all.remove(file));
        }
    }

    /** Copies the folder as the device may hold it. */
    synchronized void crashTo(Path target) {
        Map<Path, Content> left = new TreeMap<>(certainNames);
        renamings.subList(0, random.nextInt(renamings.size() + 1)).forEach(change -> change.accept(left));
        try {
            Files.createDirectories(target);
            for (Map.Entry<Path, Content> file : left.entrySet()) {
                Files.write(target.resolve(file.getKey().getFileName()), torn(file.getValue()));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private byte[] torn(Content content) throws IOException {
        byte[] now = content.now();
        int certain = content.certain.length;
        boolean isLonger = now.length > certain && Arrays.equals(Arrays.copyOf(now, certain), content.certain);
        return switch (random.nextInt(isLonger ? 4 : 2)) {
            case 0 -> content.certain;
            case 1 -> now;
            case 2 -> Arrays.copyOf(now, certain + random.nextInt(now.length - certain));
            default -> Arrays.copyOf(Arrays.copyOf(now, certain + random.nextInt(now.length - certain)), now.length);
        };
    }

    /** Makes names certain. */
    private final class FolderChannel extends ForwardingChannel {

        FolderChannel(FileChannel channel) {
            super(channel);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            synchronized (UncertainDevice.this) {
                begin();
                super.force(metaData);
                certainNames = new TreeMap<>(names);
                renamings.clear();
            }
        }
    }

    /** Makes bytes certain. */
    private final class ContentChannel extends ForwardingChannel {

        private final Content content;

        ContentChannel(FileChannel channel, Content content) {
            super(channel);
            this.content = content;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            synchronized (UncertainDevice.this) {
                begin();
                return super.write(source);
            }
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            synchronized (UncertainDevice.this) {
                begin();
                return super.write(source, position);
            }
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            synchronized (UncertainDevice.this) {
                begin();
                return super.truncate(size);
            }
        }

        @Override
        public void force(boolean metaData) throws IOException {
            synchronized (UncertainDevice.this) {
                begin();
                super.force(metaData);
                content.certain = content.now();
            }
        }
    }
}
