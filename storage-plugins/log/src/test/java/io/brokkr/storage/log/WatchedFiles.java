package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.Stages;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Real files whose use is counted, and that fail when a test says so. */
final class WatchedFiles implements FileOperations {

    final AtomicLong logBytesRead = new AtomicLong();
    final AtomicInteger logWrites = new AtomicInteger();
    final AtomicInteger logForces = new AtomicInteger();
    final Set<FileChannel> open = ConcurrentHashMap.newKeySet();

    /** How many more bytes the device takes. */
    final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);

    volatile boolean forceFails;

    /** Which files are meant by {@link #forceFails} and {@link #forceGate}. */
    volatile String forced = Segment.LOG_SUFFIX;

    /** What a force waits for, if anything. */
    volatile @Nullable CountDownLatch forceGate;

    /** Counted down when a force waits. */
    volatile CountDownLatch forceBegan = new CountDownLatch(1);

    /** Of an engine on these files. */
    StorageEngineFactory factory() {
        return new StorageEngineFactory() {
            @Override
            public String name() {
                return "watched";
            }

            @Override
            public StorageEngine open(StorageContext context) {
                return new LogStorageEngine(context, WatchedFiles.this);
            }
        };
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        FileChannel channel = new WatchedChannel(
                FileChannel.open(file, options), this, file.getFileName().toString());
        open.add(channel);
        return channel;
    }

    /** Waits for a force that meets the gate. */
    void awaitForce() {
        try {
            assertThat(forceBegan.await(Stages.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** How many of the bytes that somebody wants to write there is room for. */
    int take(int wanted) throws IOException {
        long left = bytesLeft.get();
        int taken = (int) Math.min(wanted, left);
        if (taken == 0 && wanted > 0) {
            throw new IOException("No space left on device");
        }
        bytesLeft.addAndGet(-taken);
        return taken;
    }

    void force() throws IOException {
        CountDownLatch gate = forceGate;
        if (gate != null) {
            forceBegan.countDown();
            try {
                gate.await();
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }
        if (forceFails) {
            throw new IOException("Input/output error");
        }
    }
}
