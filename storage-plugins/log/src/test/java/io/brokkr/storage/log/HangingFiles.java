package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.testkit.storage.Stages;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Real files on devices that do not answer some of what they are asked for until a test says so. */
final class HangingFiles implements FileOperations, AutoCloseable {

    /** The files that nobody comes back from forcing. */
    volatile Predicate<Path> forces = none -> false;

    /** The files that nobody comes back from removing. */
    volatile Predicate<Path> deletions = none -> false;

    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        return new ForwardingChannel(FileChannel.open(file, options)) {
            @Override
            public void force(boolean metaData) throws IOException {
                if (forces.test(file)) {
                    hang();
                }
                super.force(metaData);
            }
        };
    }

    @Override
    public void delete(Path file) throws IOException {
        if (deletions.test(file)) {
            hang();
        }
        FileOperations.super.delete(file);
    }

    private void hang() throws IOException {
        hanging.countDown();
        try {
            released.await();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    /** Waits until the first one hangs. */
    void awaitHanging() throws InterruptedException {
        assertThat(hanging.await(Stages.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Lets the devices answer. */
    @Override
    public void close() {
        released.countDown();
    }
}
