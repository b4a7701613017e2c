package io.brokkr.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What the operating system alone takes to append to files what comes over the loopback: one thread that reads pieces of the size of a producer's batches and writes each
 * into the page cache of one file after the other. No broker that keeps what it is sent in such files can cost less.
 */
final class AppendLoop {

    /** A full batch of a producer with the default batch.size, a little off the pages of a file, as batches are. */
    private static final int PIECE_BYTES = 16_200;

    private AppendLoop() {}

    /** CPU seconds of the appending thread for 10^9 bytes; the files are in the folder, which must exist. */
    static double cpuSecondsPerGigabyte(Path folder, int files, double gigabytes) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        long pieces = Math.max(1, Math.round(gigabytes * 1e9 / PIECE_BYTES));
        List<FileChannel> targets = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(any);
                SocketChannel sender = SocketChannel.open(server.getLocalAddress());
                SocketChannel receiver = server.accept()) {
            for (int file = 0; file < files; file++) {
                Path target = Files.createTempFile(folder, "append", ".log");
                targets.add(FileChannel.open(target, StandardOpenOption.WRITE));
            }
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(pieces, sender));
            long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            append(pieces, receiver, targets);
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;
            sent.join();
            return nanos / ((double) pieces * PIECE_BYTES);
        } finally {
            for (FileChannel target : targets) {
                target.close();
            }
        }
    }

    private static void append(long pieces, SocketChannel receiver, List<FileChannel> targets) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        for (long number = 0; number < pieces; number++) {
            piece.clear();
            while (piece.hasRemaining()) {
                if (receiver.read(piece) < 0) {
                    throw new IOException("the sender has ended after " + number + " of " + pieces + " pieces");
                }
            }
            FileChannel target = targets.get((int) (number % targets.size()));
            piece.flip();
            while (piece.hasRemaining()) {
                target.write(piece);
            }
        }
    }

    private static void send(long pieces, SocketChannel sender) {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        try {
            for (long number = 0; number < pieces; number++) {
                piece.clear();
                while (piece.hasRemaining()) {
                    sender.write(piece);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
