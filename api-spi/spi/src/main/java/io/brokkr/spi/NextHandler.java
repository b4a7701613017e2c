package io.brokkr.spi;

import io.brokkr.protocol.Message;
import java.util.concurrent.CompletionStage;

/** What a {@link RequestHook} stands in front of, for one request: the next hook, and behind the last one the handler of the API. Thread-safe. */
public interface NextHandler {

    /**
     * Lets the request go on, at most once.
     *
     * @param request the one that the hook was given, or another of the same class; record data that is new in it must keep its bytes until the stage is complete
     * @return complete with what the client would be told; never fails: a failure is a response, too
     * @throws IllegalStateException if the request has gone on already, or the hook has answered it
     * @throws IllegalArgumentException if it is of another class
     */
    CompletionStage<Response> proceed(Message request);
}
