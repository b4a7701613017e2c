package io.brokkr.core.dispatch;

import io.brokkr.protocol.Message;
import io.brokkr.protocol.RecordData;
import io.brokkr.spi.NextHandler;
import io.brokkr.spi.Response;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request at one of the hooks of its API: lets it go on to the next, and makes a response that can be sent of whatever the hook answers. Thread-safe.
 *
 * @param <Q> the class of the request
 */
final class HookStep<Q extends Message> implements NextHandler {

    /** In the place of what the next one answers, where nobody asked it. */
    private static final CompletableFuture<Response> NOT_ASKED = CompletableFuture.completedFuture(Response.none());

    private final Call<Q> call;
    private final int place;
    private final Q body;
    private final Thread eventLoop = Thread.currentThread();
    private final AtomicReference<@Nullable CompletableFuture<Response>> given = new AtomicReference<>();

    private HookStep(Call<Q> call, int place, Q body) {
        this.call = call;
        this.place = place;
        this.body = body;
    }

    /** Gives a request to the hook at a place, or to the handler behind the last one. On the event loop; the stage never fails. */
    static <Q extends Message> CompletionStage<Response> enter(Call<Q> call, int place, Q body) {
        ServedHook[] hooks = call.served().hooks();
        if (place < hooks.length) {
            return new HookStep<>(call, place, body).start(hooks[place]);
        }
        Registration owner = call.served().registration();
        return call.handle(body).handle((response, failure) -> call.answer(owner, body, response, failure)
                .response());
    }

    private CompletionStage<Response> start(ServedHook hook) {
        CompletableFuture<Response> ended = new CompletableFuture<>();
        hook.around(call.request(), body, this).whenComplete((response, failure) -> {
            CompletableFuture<Response> goneOn = given.compareAndExchange(null, NOT_ASKED);
            CompletionStage<Response> below = goneOn == null ? NOT_ASKED : goneOn;
            // Whatever the hook answers, those behind it may still read the request.
            below.thenAccept(theirs -> {
                Response outcome = call.answer(hook.registration(), body, response, failure)
                        .response();
                closeWhatIsLeftOut(theirs.message(), outcome.message());
                ended.complete(outcome);
            });
        });
        return ended;
    }

    @Override
    public CompletionStage<Response> proceed(Message request) {
        if (request.getClass() != body.getClass()) {
            throw new IllegalArgumentException("a " + request.getClass().getSimpleName()
                    + " cannot take the place of a " + body.getClass().getSimpleName());
        }
        CompletableFuture<Response> below = new CompletableFuture<>();
        if (!given.compareAndSet(null, below)) {
            throw new IllegalStateException("the request has gone on already, or is answered");
        }
        @SuppressWarnings("unchecked")
        Q same = (Q) request;
        Runnable goOn = () -> enter(call, place + 1, same).thenAccept(below::complete);
        if (Thread.currentThread() == eventLoop) {
            goOn.run();
        } else {
            call.request().executor().execute(() -> call.goOn(goOn));
        }
        return below.minimalCompletionStage();
    }

    private static void closeWhatIsLeftOut(@Nullable Message below, @Nullable Message outcome) {
        if (below == null || below == outcome) {
            return;
        }
        Set<RecordData> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        if (outcome != null) {
            outcome.forEachRecordData(kept::add);
        }
        below.forEachRecordData(records -> {
            if (!kept.contains(records)) {
                records.close();
            }
        });
    }
}
