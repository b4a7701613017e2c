package io.brokkr.core.dispatch;

import io.brokkr.pluginhost.BoundedLog;
import io.brokkr.pluginhost.CallWatch;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.InvalidMessageException;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.UnsupportedVersionException;
import io.brokkr.protocol.message.RequestHeader;
import io.brokkr.spi.AnswersUnsupportedVersions;
import io.brokkr.spi.Clock;
import io.brokkr.spi.Metrics;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads requests and has them served. Thread-safe; the requests of one connection come one after the other.
 *
 * <p>A request begins so, whatever its API and version, and what follows the correlation id depends on both:
 *
 * <pre>
 *  0       2       4               8
 *  +-------+-------+---------------+----------------------------------+
 *  | key   | version | correlation id | client id, tagged fields, body
 *  +-------+-------+---------------+----------------------------------+
 * </pre>
 *
 * <p>Bytes behind the body are ignored, as Apache Kafka ignores them.
 */
public final class Dispatcher {

    private static final int SMALLEST_HEADER_BYTES = 8;

    private final ApiRegistry apis;
    private final Metrics metrics;
    private final Clock clock;
    private final BoundedLog refusals;
    private final BoundedLog bugs;
    private final CallWatch watch;

    /** A dispatcher for what is registered at the moment of each request; handlers are called under the eyes of a watch. */
    public Dispatcher(ApiRegistry apis, Metrics metrics, Clock clock, CallWatch watch) {
        this(apis, metrics, clock, watch, LoggerFactory.getLogger(Dispatcher.class));
    }

    Dispatcher(ApiRegistry apis, Metrics metrics, Clock clock, CallWatch watch, Logger log) {
        this.apis = apis;
        this.metrics = metrics;
        this.clock = clock;
        this.watch = watch;
        this.refusals = new BoundedLog(log, clock);
        this.bugs = new BoundedLog(log, clock);
    }

    /**
     * Has one request served; never throws.
     *
     * @param frame the request without the size in front of it; must keep its content until the answer is there
     * @param answers gets one answer, on this thread before the method returns or on any thread later
     */
    public void dispatch(ClientConnection connection, ByteBuffer frame, Consumer<Answer> answers) {
        if (frame.remaining() < SMALLEST_HEADER_BYTES) {
            refuse(connection, "a request of " + frame.remaining() + " bytes has no header", answers);
            return;
        }
        int key = frame.getShort(frame.position());
        ServedApi<?> served = apis.begin(key);
        if (served == null) {
            refuse(connection, "nobody here serves the API with the key " + key, answers);
            return;
        }
        if (!connection.session().admits(served.handler())) {
            served.end();
            refuse(connection, "it asks for " + served.api().name() + " and has not proved who it is", answers);
            return;
        }
        serve(served, connection, frame, answers);
    }

    /** From here on the request is counted, and {@link ServedApi#end} must be called on every way out. */
    private <Q extends Message> void serve(
            ServedApi<Q> served, ClientConnection connection, ByteBuffer frame, Consumer<Answer> answers) {
        Api<Q> api = served.api();
        int version = frame.getShort(frame.position() + 2);
        Request request = null;
        Q body;
        try {
            MessageReader reader = new MessageReader(frame);
            RequestHeader header = RequestHeader.read(reader, api.requestHeaderVersion(version));
            request = new Request(api, version, header.correlationId(), header.clientId(), connection);
            if (!api.serves(version)) {
                answerUnsupported(served, request, answers);
                return;
            }
            body = api.decoder().read(reader, version);
        } catch (InvalidMessageException | UnsupportedVersionException unreadable) {
            String what = request == null ? "the header of " + api.name() + " version " + version : request.toString();
            refuse(connection, what + " cannot be read: " + unreadable.getMessage(), answers);
            served.end();
            return;
        } catch (RuntimeException bug) {
            bugs.error("A bug in the decoder of " + api.name() + " version " + version, bug);
            answers.accept(Answer.CLOSE);
            served.end();
            return;
        }
        new Call<>(this, served, request, body, answers).start();
    }

    /** Only the API by which clients learn the versions answers, so that they can ask again with one that is served (KIP-511). */
    private void answerUnsupported(ServedApi<?> served, Request request, Consumer<Answer> answers) {
        try {
            if (served.handler() instanceof AnswersUnsupportedVersions handler) {
                Message message = Registration.inPlugin(served.classLoader(), handler::unsupportedVersion);
                answers.accept(answer(served.api(), request, message, 0));
                return;
            }
        } catch (RuntimeException bug) {
            bugs.error("A bug in " + served.registration().owner() + ": it cannot refuse " + request, bug);
        } finally {
            served.end();
        }
        Api<?> api = served.api();
        refuse(
                request.connection(),
                request + " is not served, only the versions " + api.lowestVersion() + " to " + api.highestVersion(),
                answers);
    }

    private void refuse(ClientConnection connection, String reason, Consumer<Answer> answers) {
        refusals.warn("Closing the connection of {}: {}", connection, reason);
        answers.accept(Answer.CLOSE);
    }

    Answer answer(Api<?> api, Request request, Message message, int version) {
        return Answer.of(request.correlationId(), api.responseHeaderVersion(version), message, version);
    }

    void recordTime(ServedApi<?> served, long startNanos) {
        served.timings(metrics).record(clock.nanos() - startNanos);
    }

    BoundedLog bugs() {
        return bugs;
    }

    Clock clock() {
        return clock;
    }

    CallWatch watch() {
        return watch;
    }
}
