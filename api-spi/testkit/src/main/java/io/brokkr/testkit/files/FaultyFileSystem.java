package io.brokkr.testkit.files;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Files in memory, on a device that keeps what was synced and nothing else for certain.
 *
 * <ul>
 *   <li>A file's bytes are on the device after {@code force} of a channel of it. The blocks of what is not may be there or not, each by itself, or be torn
 *       anywhere; a bit of it may be wrong; the file's size may be the old one, the new one, or between them.
 *   <li>A folder's entries are on the device after {@code force} of a channel of the folder. Creations, deletions and renamings before that may be
 *       there or not, each by itself; a renaming within a folder is there as a whole or not at all.
 *   <li>A sync that fails tells so once; the bytes that it was to write count as written from then on, and a later sync leaves them out, as Linux does it.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class FaultyFileSystem extends FileSystem {

    private static final String ROOT = "data";
    private static final FileSystem NAMES = FileSystems.getDefault();

    /** Where a bit may be wrong after a crash. */
    @FunctionalInterface
    public interface FlipRule {
        /**
         * Whether the bit may be wrong.
         *
         * @param content as the programs saw it
         * @param position of the byte
         */
        boolean test(String fileName, byte[] content, int position);
    }

    /** What the device does. */
    public enum State {
        /** What it is asked for. */
        SOUND,
        /** It can be read; every change fails with «Read-only file system», and so does opening a file for writing. */
        READ_ONLY,
        /** Everything fails with «Input/output error». */
        BROKEN
    }

    private final FaultyProvider provider = new FaultyProvider(this);
    private final FaultyFolder top;
    private long freeBytes = Long.MAX_VALUE;
    private State state = State.SOUND;
    private boolean failsNextForce;
    private int changesLeft;
    private @Nullable Supplier<FaultyFileSystem> plannedCrash;
    private @Nullable FaultyFileSystem crashed;

    /** One that holds an empty folder. */
    public FaultyFileSystem() {
        this(new FaultyFolder());
        top.put(ROOT, new FaultyFolder());
        top.force();
    }

    private FaultyFileSystem(FaultyFolder top) {
        this.top = top;
    }

    /** The folder that is there, durably. */
    public Path root() {
        return getPath("/" + ROOT);
    }

    /** How much more the device takes; what does not fit fails with «No space left on device». */
    public synchronized void setFreeBytes(long bytes) {
        freeBytes = bytes;
    }

    /** Lets the device fail, or work again. */
    public synchronized void setState(State state) {
        this.state = state;
    }

    synchronized void requireReadable() throws IOException {
        if (state == State.BROKEN) {
            throw new IOException("Input/output error");
        }
    }

    synchronized void requireWritable() throws IOException {
        requireReadable();
        if (state == State.READ_ONLY) {
            throw new IOException("Read-only file system");
        }
    }

    /** Lets the next sync of a file fail. */
    public synchronized void failNextForce() {
        failsNextForce = true;
    }

    /**
     * A loss of power.
     *
     * @param blockSize what the device writes at once, in bytes
     * @return what may be found afterwards; this one stays as it is
     */
    public synchronized FaultyFileSystem crash(Random random, int blockSize, FlipRule mayFlip) {
        return new FaultyFileSystem(top.afterCrash(random, blockSize, mayFlip));
    }

    /**
     * Lets the power be lost in the middle of what comes: {@link #takeCrash} gives what is left then.
     *
     * @param changes how many writes, syncs, creations, deletions and renamings happen before
     */
    public synchronized void crashAfter(int changes, Random random, int blockSize, FlipRule mayFlip) {
        changesLeft = changes;
        crashed = null;
        plannedCrash = () -> crash(random, blockSize, mayFlip);
    }

    /** What was left at the loss of power, empty if it did not come to it. Nothing is planned any more. */
    public synchronized Optional<FaultyFileSystem> takeCrash() {
        Optional<FaultyFileSystem> taken = Optional.ofNullable(crashed);
        crashed = null;
        plannedCrash = null;
        return taken;
    }

    /** Called before every change. */
    synchronized void beforeChange() throws IOException {
        requireWritable();
        if (plannedCrash != null && changesLeft-- == 0) {
            crashed = plannedCrash.get();
        }
    }

    FaultyFolder top() {
        return top;
    }

    /** How many of so many bytes there is room for; at least one. */
    synchronized int takeSpace(int wanted) throws IOException {
        int taken = (int) Math.min(wanted, freeBytes);
        if (taken == 0 && wanted > 0) {
            throw new IOException("No space left on device");
        }
        freeBytes -= taken;
        return taken;
    }

    synchronized void force(FaultyNode node) throws IOException {
        beforeChange();
        if (node instanceof FaultyFolder folder) {
            folder.force();
        } else if (node instanceof FaultyFile file) {
            if (failsNextForce) {
                failsNextForce = false;
                file.failToForce();
            }
            file.force();
        }
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return NAMES.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        return new FaultyPath(this, NAMES.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = NAMES.getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(((FaultyPath) path).name());
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }
}
