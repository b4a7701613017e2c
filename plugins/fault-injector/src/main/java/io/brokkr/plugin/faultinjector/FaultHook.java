package io.brokkr.plugin.faultinjector;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.NextHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.Response;
import io.brokkr.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Strikes requests as the rules say. */
final class FaultHook implements RequestHook {

    private final Faults faults;
    private final boolean mayGrow;
    private final RequestTopics topics;
    private final Scheduler scheduler;

    /** With whether there may be other rules later. */
    FaultHook(Faults faults, boolean mayGrow, RequestTopics topics, Scheduler scheduler) {
        this.faults = faults;
        this.mayGrow = mayGrow;
        this.topics = topics;
        this.scheduler = scheduler;
    }

    @Override
    public boolean wants(Api<?> api) {
        return mayGrow || faults.anyMatch(rule -> rule.isForApi(api));
    }

    @Override
    public CompletionStage<Response> around(RequestContext context, Message request, NextHandler next) {
        if (faults.isEmpty()) {
            return next.proceed(request);
        }
        Message named = request instanceof FetchRequest fetch && faults.anyMatch(FetchFaults::needPartitions)
                ? FetchFaults.withoutSession(fetch, context.apiVersion())
                : request;
        Fault fault = faults.striking(rule -> isFor(rule, context, named));
        return fault == null ? next.proceed(named) : strike(fault, context, named, next);
    }

    private boolean isFor(FaultRule rule, RequestContext context, Message request) {
        return rule.isForApi(context.api())
                && rule.isForClient(context.clientId())
                && (!rule.isForTopic() || topics.contain(context.api().name(), request, rule.topic()));
    }

    private CompletionStage<Response> strike(Fault fault, RequestContext context, Message request, NextHandler next) {
        FaultRule rule = fault.rule();
        Duration delay = rule.delay();
        if (delay != null) {
            return next.proceed(request).thenCompose(response -> fault.pause(scheduler, delay)
                    .thenApplyAsync(done -> response, context.executor()));
        }
        fault.countStruck();
        return rule.handled()
                ? next.proceed(request).thenApply(lost -> outcome(rule, request))
                : CompletableFuture.completedStage(outcome(rule, request));
    }

    /**
     * What the client gets in place of a response.
     *
     * @throws ApiException if it is what the API itself tells of an error
     */
    private static Response outcome(FaultRule rule, Message request) {
        ErrorCode error = rule.error();
        if (error == null || (request instanceof ProduceRequest produce && produce.acks() == 0)) {
            return Response.closeConnection();
        }
        if (request instanceof FetchRequest fetch) {
            return Response.of(FetchFaults.failure(fetch, error));
        }
        throw new ApiException(error, "an injected fault");
    }
}
