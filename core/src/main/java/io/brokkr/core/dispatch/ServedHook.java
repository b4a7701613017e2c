package io.brokkr.core.dispatch;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.Message;
import io.brokkr.spi.NextHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.RequestHook;
import io.brokkr.spi.Response;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hook with what its owner registered. Thread-safe. */
record ServedHook(Registration registration, RequestHook hook) {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Whether it stands around an API; one that cannot say so does not. */
    boolean wants(Api<?> api) {
        try {
            return Registration.inPlugin(classLoader(), () -> hook.wants(api));
        } catch (RuntimeException | LinkageError bug) {
            LOG.error("A bug in {}: its hook does not say whether it wants {}", registration.owner(), api.name(), bug);
            return false;
        }
    }

    /** Calls the hook; what it throws fails the stage. */
    CompletionStage<Response> around(RequestContext context, Message request, NextHandler next) {
        return Registration.responseOf(classLoader(), () -> hook.around(context, request, next));
    }

    private ClassLoader classLoader() {
        return hook.getClass().getClassLoader();
    }
}
