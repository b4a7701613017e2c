package io.brokkr.example.slowrequests;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.spi.Clock;
import io.brokkr.spi.NextHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.Response;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Stands around all requests but those that wait on purpose. */
final class SlowRequestsHook implements RequestHook {

    private static final Set<String> WAITING = Set.of("Fetch", "JoinGroup", "SyncGroup");

    private final Clock clock;
    private final Duration limit;
    private final Consumer<String> log;

    SlowRequestsHook(Clock clock, Duration limit, Consumer<String> log) {
        this.clock = clock;
        this.limit = limit;
        this.log = log;
    }

    @Override
    public boolean wants(Api<?> api) {
        return !WAITING.contains(api.name());
    }

    @Override
    public CompletionStage<Response> around(RequestContext context, Message request, NextHandler next) {
        long began = clock.nanos();
        return next.proceed(request).whenComplete((response, never) -> {
            Duration taken = Duration.ofNanos(clock.nanos() - began);
            if (taken.compareTo(limit) >= 0) {
                log.accept(context.api().name() + " of " + context.clientId() + " took " + taken.toMillis() + " ms");
            }
        });
    }
}
