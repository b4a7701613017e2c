package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a segment's file is opened, and what becomes of that where nothing can be written. */
class SegmentFileTest {

    @TempDir
    private Path folder;

    private final List<FileChannel> opened = new ArrayList<>();
    private boolean isReadOnly;
    private SegmentFile file;

    @BeforeEach
    void make() throws IOException {
        Path path = Files.write(folder.resolve("00000000000000000000.log"), new byte[] {1, 2, 3});
        file = new SegmentFile(new OpenFiles(this::open, () -> 0), path);
    }

    private FileChannel open(Path path, OpenOption... options) throws IOException {
        if (isReadOnly && List.of(options).contains(StandardOpenOption.WRITE)) {
            throw new AccessDeniedException(path.toString());
        }
        FileChannel channel = FileChannel.open(path, options);
        opened.add(channel);
        return channel;
    }

    private static int size(FileChannel channel) throws IOException {
        return channel.read(ByteBuffer.allocate(10), 0);
    }

    @Test
    void readersAndWritersShareWhatIsOpenedOnce() throws IOException {
        FileChannel reading = file.acquire();
        FileChannel writing = file.acquireForWriting();
        assertThat(writing).isSameAs(reading);
        assertThat(writing.write(ByteBuffer.wrap(new byte[] {4}), 3)).isEqualTo(1);
        assertThat(opened).hasSize(1);
        file.release();
        file.release();
        file.retire();
        assertThat(opened).noneMatch(FileChannel::isOpen);
    }

    @Test
    void whereNothingCanBeWrittenItIsReadAllTheSame() throws IOException {
        isReadOnly = true;
        for (int i = 0; i < 3; i++) {
            FileChannel reading = file.acquire();
            assertThat(size(reading)).isEqualTo(3);
            assertThatThrownBy(() -> reading.write(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(file::acquireForWriting).isInstanceOf(AccessDeniedException.class);
            file.release();
        }
        // It has stayed open, so a read costs no more than elsewhere.
        assertThat(opened).hasSize(1);
        file.retire();
        assertThat(opened).noneMatch(FileChannel::isOpen);
    }

    @Test
    void whoReadsKeepsItWhenWritingHasBecomePossible() throws IOException {
        isReadOnly = true;
        FileChannel reading = file.acquire();
        isReadOnly = false;
        FileChannel writing = file.acquireForWriting();
        assertThat(writing.write(ByteBuffer.wrap(new byte[] {4}), 3)).isEqualTo(1);
        assertThat(size(reading)).isEqualTo(4);
        assertThat(file.acquire()).isSameAs(writing);
        file.release();
        file.release();
        assertThat(reading.isOpen()).isTrue();
        file.release();
        file.retire();
        assertThat(opened).hasSize(2).noneMatch(FileChannel::isOpen);
    }

    @Test
    void whatIsNotThereOrNoFileIsNotRead() throws IOException {
        Files.delete(file.path());
        assertThatThrownBy(file::acquire).isInstanceOf(NoSuchFileException.class);
        Files.createDirectory(file.path());
        assertThatThrownBy(file::acquire).hasMessageContaining(file.path().toString());
        assertThat(file.users()).isZero();
    }
}
