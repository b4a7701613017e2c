package io.brokkr.spi;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import java.util.concurrent.CompletionStage;

/**
 * Stands around the handlers of some APIs: sees, holds back, refuses or rewrites any request, and any response. Thread-safe. Made by a {@link RequestHookFactory}.
 *
 * <pre>
 *   request  ─►  outermost hook  ─►  …  ─►  innermost hook  ─►  handler
 *   response ◄─  outermost hook  ◄─  …  ◄─  innermost hook  ◄─────┘
 * </pre>
 *
 * <p>What the broker guarantees, and what a hook must keep to:
 *
 * <ol>
 *   <li><b>Which requests.</b> Every request that could be read, at a version that is served, of an API that the hook {@linkplain #wants wants}. An API that no hook wants costs what it costs
 *       without hooks.
 *   <li><b>Threads.</b> {@link #around} is called on the event loop of the connection, as handlers are, and must not block. It is called in the order of the requests of the connection, and a
 *       hook that lets a request go on before it returns keeps that order. One that does so later gives it up: batches of an idempotent producer then come out of sequence. Who only wants to be slow
 *       holds back the response. {@link NextHandler#proceed} may be called on any thread; handlers are called on the event loop all the same.
 *   <li><b>The end of a request.</b> A request has ended when the hook's stage is complete and so is the one that it got from {@code proceed}: an answer that comes earlier waits, since the handler may still
 *       read the request's memory.
 *   <li><b>Memory.</b> The record data of a request is valid until the request has ended. The record data of a response that a hook was given is never its own to close: what it does not pass on
 *       in its own response, the broker closes when the request has ended. Record data that is new in the hook's response belongs to the broker, and has memory of its own.
 *   <li><b>Failure.</b> A hook that throws, or whose stage fails, with an {@link ApiException} refuses the request: the client gets {@link ApiHandler#failure} with its error. Any other exception, no
 *       stage, no response, and a response that is another API's or cannot be written, are a bug: it is logged with the plugin's name and costs that request alone, which is answered with {@code
 *       UNKNOWN_SERVER_ERROR}.
 *   <li><b>Coming and going.</b> A hook that comes or goes while the broker runs meets each request from its beginning to its end or not at all. It is closed after the last request that it met has
 *       ended, within limits.
 * </ol>
 */
public interface RequestHook {

    /**
     * Whether it stands around the requests of an API. Asked once for every API that is served, and again when plugins come or go. One that throws is logged, and does without this API.
     *
     * @param api as its handler serves it
     */
    boolean wants(Api<?> api);

    /**
     * Takes a request.
     *
     * @param context of which request; {@link RequestContext#api} says of which API
     * @param request at the version {@link RequestContext#apiVersion}
     * @param next lets it go on
     * @return completes with what {@link NextHandler#proceed} gave, or with another response; {@link Response#closeConnection} drops the connection, and {@link Response#none} leaves the client
     *     waiting
     */
    CompletionStage<Response> around(RequestContext context, Message request, NextHandler next);
}
