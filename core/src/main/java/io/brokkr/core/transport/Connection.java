package io.brokkr.core.transport;

import io.brokkr.core.dispatch.Answer;
import io.brokkr.core.dispatch.ClientConnection;
import io.brokkr.spi.Scheduler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection: its requests in the order of arrival, and its answers in the same order, whatever order they come in.
 *
 * <p>All state belongs to the event loop of the connection, but for what says otherwise. The socket is not read while the client is ahead:
 * too many requests under way or too many bytes in them, answers that the client does not take, or no {@link RequestMemory} left.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What becomes of a channel is told by the events of its pipeline.
final class Connection extends ChannelInboundHandlerAdapter implements FrameReader.Sink, RequestMemory.Waiter {

    /**
     * A socket that is closed with bytes in it that nobody read resets the connection, and what was sent last may never arrive. So the
     * client gets a moment to see the end of the answers and to close its side.
     */
    private static final Duration LINGER = Duration.ofMillis(500);

    /** While others wait for memory, nobody may keep some for so long without sending the rest of the request. */
    private static final Duration PATIENCE_WHILE_SCARCE = Duration.ofSeconds(30);

    /** What mechanisms say to each other is shorter, and whoever has not authenticated is not to take the memory of those who have. */
    private static final int LARGEST_OF_STRANGERS_BYTES = 512 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** The stages of a connection; it never goes back to an earlier one. */
    private enum Stage {
        OPEN,
        /** The client sends no more; what it has sent is still served. */
        LAST_REQUESTS,
        /** No more requests are taken; the answers of those under way are still sent. */
        LAST_ANSWERS,
        /** What was to be sent is on its way; whatever arrives is thrown away. */
        LINGERING,
        CLOSED
    }

    private final Transport transport;
    private final SocketChannel channel;
    private final ClientConnection client;
    private final FrameReader reader;
    private final ArrayDeque<Exchange> underWay = new ArrayDeque<>(1);
    private final AtomicBoolean turnScheduled = new AtomicBoolean();
    private Stage stage = Stage.OPEN;
    private boolean inTurn;
    private long underWayBytes;
    private int unsentAnswers;
    private Scheduler.@Nullable Timer pauseEnd;

    /** When something came or went last; read by other threads too. */
    private volatile long activeNanos;

    Connection(Transport transport, SocketChannel channel, ClientConnection client) {
        this.transport = transport;
        this.channel = channel;
        this.client = client;
        this.reader = new FrameReader(this, transport.memory(), this, channel.alloc());
        this.activeNanos = transport.clock().nanos();
        channel.config().setRecvByteBufAllocator(reader);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            inTurn = true;
            transport.receivedBytes().add(channel.unsafe().recvBufAllocHandle().lastBytesRead());
            reader.onRead(in);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        takeTurn();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        // Not now: this is called in the middle of a flush.
        scheduleTurn();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE) {
            if (stage == Stage.LINGERING) {
                channel.close();
            }
            moveOn(Stage.LAST_REQUESTS);
            takeTurn();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        moveOn(Stage.CLOSED);
        reader.close();
        if (pauseEnd != null) {
            pauseEnd.cancel();
        }
        writeAnswers();
        transport.onClosed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("The connection of {} broke: {}", client, cause.toString());
        } else {
            transport.bugs().error("A bug in the transport: closing the connection of " + client, cause);
        }
        channel.close();
    }

    private void moveOn(Stage next) {
        if (next.compareTo(stage) > 0) {
            stage = next;
        }
    }

    /** Sends what can be sent and takes what can be taken. Not to be called from within itself. */
    private void takeTurn() {
        activeNanos = transport.clock().nanos();
        inTurn = true;
        writeAnswers();
        if (reader.isBlocked() && hasRoom()) {
            reader.unblock();
        }
        // From here on whatever is answered needs another turn.
        inTurn = false;
        writeAnswers();
        channel.flush();
        if (stage.compareTo(Stage.LINGERING) < 0) {
            channel.config().setAutoRead(stage == Stage.OPEN && !reader.isBlocked());
            moveOnIfDone();
        }
    }

    /** False if the event loops have ended, and all connections with them. */
    private boolean scheduleTurn() {
        if (turnScheduled.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(() -> {
                    turnScheduled.set(false);
                    takeTurn();
                });
            } catch (RejectedExecutionException ended) {
                turnScheduled.set(false);
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean wantsFrames() {
        // What is answered already counts as unsent, so that a client which does not read gets no more than that.
        writeAnswers();
        if (!hasRoom()) {
            channel.flush();
        }
        return hasRoom();
    }

    private boolean hasRoom() {
        return stage.compareTo(Stage.LAST_REQUESTS) <= 0
                && underWay.size() + unsentAnswers < transport.limits().connectionRequests()
                && underWayBytes < transport.limits().connectionRequestBytes()
                && channel.isWritable()
                && !isPaused();
    }

    /** The client has used up too much; there is another turn when its pause is over. */
    @Override
    public boolean isPaused() {
        long nanos = client.session().pauseNanos();
        if (nanos > 0 && pauseEnd == null && stage != Stage.CLOSED) {
            pauseEnd = transport.scheduler().schedule(Duration.ofNanos(nanos), () -> client.executor()
                    .execute(this::endPause));
        }
        return nanos > 0;
    }

    private void endPause() {
        pauseEnd = null;
        if (stage != Stage.CLOSED) {
            takeTurn();
        }
    }

    @Override
    public int largestFrameBytes() {
        int largest = transport.limits().largestRequestBytes();
        return client.session().isStranger() ? Math.min(largest, LARGEST_OF_STRANGERS_BYTES) : largest;
    }

    @Override
    public void onFrame(ByteBuffer frame, @Nullable ByteBuf memory, int takenBytes) {
        Exchange exchange = new Exchange(this, memory, takenBytes);
        underWay.add(exchange);
        underWayBytes += takenBytes;
        transport.dispatcher().dispatch(client, frame, exchange);
        Answer answer = exchange.answer();
        if (answer != null && answer.closesConnection()) {
            moveOn(Stage.LAST_ANSWERS);
        }
    }

    @Override
    public void onRefusedLength(int length) {
        transport
                .refusals()
                .warn(
                        "Closing the connection of {}: it announces a request of {} bytes, and {} allows {}",
                        client,
                        length,
                        client.session().isStranger()
                                ? "a broker that does not know it yet"
                                : TransportSettings.LARGEST_REQUEST_BYTES,
                        largestFrameBytes());
        moveOn(Stage.LAST_ANSWERS);
    }

    /** A request is answered. Called on any thread. */
    void onAnswered(Exchange exchange, Answer answer) {
        transport.memory().release(exchange.takenBytes());
        boolean withinTurn = channel.eventLoop().inEventLoop() && inTurn;
        if (!withinTurn && !scheduleTurn()) {
            answer.discard();
        }
    }

    /** Called on any thread. */
    @Override
    public void memoryReleased() {
        scheduleTurn();
    }

    private void writeAnswers() {
        if (stage.compareTo(Stage.LINGERING) >= 0) {
            underWay.removeIf(Connection::discardIfAnswered);
            return;
        }
        for (Exchange first = underWay.peek(); first != null; first = underWay.peek()) {
            Answer answer = first.answer();
            if (answer == null) {
                return;
            }
            underWay.remove();
            underWayBytes -= first.takenBytes();
            if (answer.closesConnection()) {
                linger();
                return;
            }
            if (answer.sizeInBytes() > 0) {
                write(answer);
            }
        }
    }

    private static boolean discardIfAnswered(Exchange exchange) {
        Answer answer = exchange.answer();
        if (answer == null) {
            return false;
        }
        answer.discard();
        return true;
    }

    private void write(Answer answer) {
        try {
            transport.sentBytes().add(answer.sizeInBytes());
            if (AnswerWriter.write(channel, answer, sent -> onSent(answer, sent))) {
                unsentAnswers++;
            } else {
                // There may be record data of no bytes, which has to be closed as well.
                answer.discard();
            }
        } catch (IOException | RuntimeException unwritable) {
            answer.discard();
            transport.bugs().error("An answer cannot be sent: closing the connection of " + client, unwritable);
            channel.close();
        }
    }

    /** The last byte of an answer with record data has left, or cannot leave. */
    private void onSent(Answer answer, Future<? super Void> sent) {
        answer.discard();
        unsentAnswers--;
        if (!sent.isSuccess()) {
            LOG.debug("An answer to {} was not sent: {}", client, String.valueOf(sent.cause()));
        } else if (reader.isBlocked()) {
            scheduleTurn();
        }
    }

    private void moveOnIfDone() {
        if (stage == Stage.LAST_REQUESTS && !reader.isBlocked()) {
            moveOn(Stage.LAST_ANSWERS);
        }
        if (stage == Stage.LAST_ANSWERS && underWay.isEmpty()) {
            linger();
        }
    }

    private void linger() {
        moveOn(Stage.LINGERING);
        reader.close();
        writeAnswers();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (channel.isInputShutdown()) {
                channel.close();
            } else {
                channel.shutdownOutput();
                channel.config().setAutoRead(true);
                channel.eventLoop().schedule(() -> channel.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Takes no more requests, and closes the connection when the answers of those under way have left. Called on any thread. */
    void stop() {
        channel.eventLoop().execute(() -> {
            // Where something came or went a moment ago, an answer may still be on its way, and the next request in the
            // socket already.
            boolean atRest = underWay.isEmpty() && !reader.isWithinFrame() && idleNanos() > LINGER.toNanos();
            if (atRest && channel.isWritable()) {
                channel.close();
            } else {
                moveOn(Stage.LAST_ANSWERS);
                takeTurn();
            }
        });
    }

    /** Closes the connection now. Called on any thread. */
    void close() {
        channel.close();
    }

    /** Closes the connection if nothing came or went for too long. Called on any thread. */
    void closeIfIdle(Duration limit) {
        // The loops of thousands of connections at rest are not asked before it may matter.
        if (idleNanos() > Math.min(limit.toNanos(), PATIENCE_WHILE_SCARCE.toNanos())) {
            channel.eventLoop().execute(() -> closeIfTooLongIdle(limit));
        }
    }

    private void closeIfTooLongIdle(Duration limit) {
        long idleNanos = idleNanos();
        boolean hoards = transport.memory().isScarce()
                && reader.isWithinFrame()
                && !reader.isBlocked()
                && idleNanos > PATIENCE_WHILE_SCARCE.toNanos();
        // While a request is under way or the client has to pause, it is the broker's turn, not the client's.
        boolean pauses = pauseEnd != null || client.session().pauseNanos() > 0;
        if (!underWay.isEmpty() || pauses || (idleNanos <= limit.toNanos() && !hoards)) {
            return;
        }
        if (reader.isWithinFrame()) {
            transport
                    .refusals()
                    .warn(
                            "Closing the connection of {}: it sent a part of a request and then nothing for {} s",
                            client,
                            Duration.ofNanos(idleNanos).toSeconds());
        }
        channel.close();
    }

    private long idleNanos() {
        return transport.clock().nanos() - activeNanos;
    }
}
