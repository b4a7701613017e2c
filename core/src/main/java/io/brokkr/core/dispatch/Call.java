package io.brokkr.core.dispatch;

import io.brokkr.pluginhost.WatchedThread;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.RecordData;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Response;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request at its handler, or at the hooks around it, until their stages are complete.
 *
 * @param <Q> the class of the request
 */
final class Call<Q extends Message> implements BiConsumer<@Nullable Response, @Nullable Throwable> {

    private final Dispatcher dispatcher;
    private final ServedApi<Q> served;
    private final Request request;
    private final Q body;
    private final Consumer<Answer> answers;
    private final long startNanos;

    Call(Dispatcher dispatcher, ServedApi<Q> served, Request request, Q body, Consumer<Answer> answers) {
        this.dispatcher = dispatcher;
        this.served = served;
        this.request = request;
        this.body = body;
        this.answers = answers;
        this.startNanos = dispatcher.clock().nanos();
    }

    ServedApi<Q> served() {
        return served;
    }

    Request request() {
        return request;
    }

    void start() {
        WatchedThread eventLoop = dispatcher.watch().here();
        eventLoop.begin(request);
        CompletionStage<Response> stage = served.hooks().length == 0 ? handle(body) : HookStep.enter(this, 0, body);
        stage.whenComplete(this);
        eventLoop.end();
    }

    /** Does a part of it that a hook has held back, on the event loop. */
    void goOn(Runnable part) {
        WatchedThread eventLoop = dispatcher.watch().here();
        eventLoop.begin(request);
        part.run();
        eventLoop.end();
    }

    /** Calls the handler; what it throws fails the stage. */
    CompletionStage<Response> handle(Q asked) {
        return Registration.responseOf(
                served.classLoader(), () -> served.handler().handle(request, asked));
    }

    /** The stage is complete, on whatever thread. */
    @Override
    public void accept(@Nullable Response response, @Nullable Throwable failure) {
        Answer answer = answer(served.registration(), body, response, failure);
        dispatcher.recordTime(served, startNanos);
        // Not before the answer is handed over: who waits for the owner to drain may then stop the services that the
        // answer needs.
        answers.accept(answer);
        served.end();
    }

    /** What a handler or a hook answered; if that was nothing that can be sent, what tells the client that it failed. */
    Answer answer(Registration by, Q asked, @Nullable Response response, @Nullable Throwable failure) {
        if (failure != null) {
            return answerFailure(by, asked, failure);
        }
        if (response == null) {
            return answerFailure(by, asked, new NullPointerException("there is no response"));
        }
        Message message = response.message();
        if (message == null) {
            return response.closesConnection() ? Answer.CLOSE : Answer.NONE;
        }
        try {
            served.checkAnswer(asked, message);
            return dispatcher.answer(served.api(), request, message, request.apiVersion());
        } catch (RuntimeException unwritable) {
            message.forEachRecordData(RecordData::close);
            return answerFailure(by, asked, unwritable);
        }
    }

    private Answer answerFailure(Registration by, Q asked, Throwable failure) {
        if (ApiException.in(failure) == null) {
            dispatcher.bugs().error("A bug in " + by.owner() + ": it failed at " + request, failure);
        }
        ErrorCode error = ApiException.errorOf(failure);
        try {
            Message message = Registration.inPlugin(
                    served.classLoader(), () -> served.handler().failure(asked, request.apiVersion(), error));
            return dispatcher.answer(served.api(), request, message, request.apiVersion());
        } catch (Throwable noAnswer) {
            String owner = served.registration().owner();
            dispatcher.bugs().error("A bug in " + owner + ": it cannot tell " + error + " to " + request, noAnswer);
            return Answer.CLOSE;
        }
    }
}
