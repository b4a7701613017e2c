package io.brokkr.testkit.files;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** Kind and size of a node as they were when they were asked for; there is no time in a {@link FaultyFileSystem}. */
final class FaultyAttributes implements BasicFileAttributes {

    private static final FileTime EPOCH = FileTime.fromMillis(0);

    private final FaultyNode node;
    private final long size;

    FaultyAttributes(FaultyNode node) {
        this.node = node;
        this.size = node instanceof FaultyFile file ? file.size() : 0;
    }

    @Override
    public FileTime lastModifiedTime() {
        return EPOCH;
    }

    @Override
    public FileTime lastAccessTime() {
        return EPOCH;
    }

    @Override
    public FileTime creationTime() {
        return EPOCH;
    }

    @Override
    public boolean isRegularFile() {
        return node instanceof FaultyFile;
    }

    @Override
    public boolean isDirectory() {
        return node instanceof FaultyFolder;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Object fileKey() {
        return node;
    }
}
