package io.brokkr.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What the operating system alone takes to send files over the loopback: one thread that does nothing but sendfile, to another that throws away what it reads. No broker that
 * sends files so can cost less.
 */
final class SendfileLoop {

    /** The size of a fetch that a consumer asks for by default. */
    private static final int PIECE_BYTES = 1 << 20;

    /** That of either broker. */
    private static final int SEND_BUFFER_BYTES = 102_400;

    private SendfileLoop() {}

    /** CPU seconds of the sending thread for 10^9 bytes. */
    static double cpuSecondsPerGigabyte(List<Path> files) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(any);
                SocketChannel receiver = SocketChannel.open(server.getLocalAddress());
                SocketChannel sender = server.accept()) {
            sender.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
            CompletableFuture<Void> received = CompletableFuture.runAsync(() -> readAll(receiver));
            long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long bytes = 0;
            for (Path file : files) {
                bytes += send(file, sender);
            }
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;
            sender.shutdownOutput();
            received.join();
            return nanos / (double) bytes;
        }
    }

    private static long send(Path file, SocketChannel sender) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long position = 0;
            while (position < size) {
                position += channel.transferTo(position, Math.min(PIECE_BYTES, size - position), sender);
            }
            return size;
        }
    }

    private static void readAll(SocketChannel receiver) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
        try {
            while (receiver.read(buffer.clear()) >= 0) {
                // Thrown away.
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
