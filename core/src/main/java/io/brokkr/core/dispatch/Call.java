package io.brokkr.core.dispatch;

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
 * One request at its handler, until the stage of the handler is complete.
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

    void start() {
        CompletionStage<Response> stage;
        try {
            stage = served.inPlugin(() -> served.handler().handle(request, body));
        } catch (Throwable failure) {
            // Errors too: a plugin that misses a class must cost its own requests, not the connection.
            accept(null, failure);
            return;
        }
        dispatcher.tellIfBlocked(served, request, startNanos);
        if (stage == null) {
            accept(null, new NullPointerException("the handler returned no stage"));
        } else {
            stage.whenComplete(this);
        }
    }

    /** The stage is complete, on whatever thread. */
    @Override
    public void accept(@Nullable Response response, @Nullable Throwable failure) {
        Answer answer = failure == null ? answer(response) : answerFailure(failure);
        dispatcher.recordTime(served, startNanos);
        // Not before the answer is handed over: who waits for the owner to drain may then stop the services that the
        // answer needs.
        answers.accept(answer);
        served.registration().end();
    }

    private Answer answer(@Nullable Response response) {
        if (response == null) {
            return answerFailure(new NullPointerException("the handler answered null"));
        }
        Message message = response.message();
        if (message == null) {
            return response.closesConnection() ? Answer.CLOSE : Answer.NONE;
        }
        try {
            served.checkAnswer(body, message);
            return answer(message);
        } catch (RuntimeException unwritable) {
            message.forEachRecordData(RecordData::close);
            return answerFailure(unwritable);
        }
    }

    private Answer answerFailure(Throwable failure) {
        String owner = served.registration().owner();
        if (ApiException.in(failure) == null) {
            dispatcher.bugs().error("A bug in " + owner + ": it failed at " + request, failure);
        }
        ErrorCode error = ApiException.errorOf(failure);
        try {
            return answer(served.inPlugin(() -> served.handler().failure(body, request.apiVersion(), error)));
        } catch (Throwable noAnswer) {
            dispatcher.bugs().error("A bug in " + owner + ": it cannot tell " + error + " to " + request, noAnswer);
            return Answer.CLOSE;
        }
    }

    private Answer answer(Message message) {
        return dispatcher.answer(served.api(), request, message, request.apiVersion());
    }
}
