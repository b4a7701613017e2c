package io.brokkr.spi;

import io.brokkr.protocol.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a handler answers: a message, nothing at all, or the end of the connection. Immutable. */
public final class Response {

    private static final Response NONE = new Response(null, false);
    private static final Response CLOSE = new Response(null, true);

    private final @Nullable Message message;
    private final boolean closesConnection;

    private Response(@Nullable Message message, boolean closesConnection) {
        this.message = message;
        this.closesConnection = closesConnection;
    }

    /** A message, written at the version of the request. */
    public static Response of(Message message) {
        return new Response(message, false);
    }

    /** A message that is there already, as a complete stage. */
    public static CompletionStage<Response> completed(Message message) {
        return CompletableFuture.completedFuture(of(message));
    }

    /** No bytes: the client does not expect any (a produce request with acks=0). */
    public static Response none() {
        return NONE;
    }

    /** No bytes, and the connection is closed once the responses before this one have left. */
    public static Response closeConnection() {
        return CLOSE;
    }

    /** The message, null where there is none. */
    public @Nullable Message message() {
        return message;
    }

    /** Whether the connection ends here. */
    public boolean closesConnection() {
        return closesConnection;
    }
}
