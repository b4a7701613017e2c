package io.brokkr.spi;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import java.util.concurrent.CompletionStage;

/**
 * Serves one Kafka API in a range of versions. Thread-safe; see the package page for threads, memory and failure.
 *
 * @param <Q> the class of the requests
 */
public interface ApiHandler<Q extends Message> {

    /** Which API this is, and exactly the versions that work: this is what ApiVersions tells clients. Always the same answer. */
    Api<Q> api();

    /**
     * Starts to serve a request; never blocks.
     *
     * @param request at the version {@link RequestContext#apiVersion}, which lies inside the range of {@link #api}
     * @return completes with the response, or fails with the error that concerns the whole request
     */
    CompletionStage<Response> handle(RequestContext context, Q request);

    /**
     * The response that tells a client that the whole request failed, with the error everywhere that this API has a place for one.
     *
     * @param error never {@link ErrorCode#NONE}
     */
    Message failure(Q request, int version, ErrorCode error);
}
