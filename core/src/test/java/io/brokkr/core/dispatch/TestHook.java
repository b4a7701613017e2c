package io.brokkr.core.dispatch;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.spi.NextHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.Response;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** A hook around all APIs that does what a test wants. */
record TestHook(BiFunction<Message, NextHandler, CompletionStage<Response>> work) implements RequestHook {

    @Override
    public boolean wants(Api<?> api) {
        return true;
    }

    @Override
    public CompletionStage<Response> around(RequestContext context, Message request, NextHandler next) {
        return work.apply(request, next);
    }
}
