package io.brokkr.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.metrics.MetricsRegistry;
import io.brokkr.core.schedule.SystemClock;
import io.brokkr.pluginhost.CallWatch;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.RecordBuffers;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.protocol.message.FetchResponse.FetchableTopicResponse;
import io.brokkr.protocol.message.FetchResponse.PartitionData;
import io.brokkr.protocol.message.HeartbeatResponse;
import io.brokkr.protocol.message.RequestHeader;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever hooks make of a response: record data that the client gets stays open until it has left, and all other is closed. */
class HookMemoryTest {

    private static final int VERSION = 12;

    /** What a hook makes of the response that it is given. */
    private enum Work {
        PASS_ON,
        LEAVE_ONE_OUT,
        PUT_ONE_IN,
        ANSWER_ANEW,
        REFUSE,
        CLOSE,
        FAIL,
        ANSWER_TO_ANOTHER_API,
        TOO_LONG_A_NAME
    }

    private final Set<RecordData> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private PartitionData partition() {
        List<RecordData> self = new ArrayList<>();
        RecordData records =
                RecordBuffers.of(List.of(ByteBuffer.allocate(10)), () -> assertThat(open.remove(self.get(0)))
                        .isTrue());
        self.add(records);
        open.add(records);
        return PartitionData.builder().records(records).build();
    }

    private static FetchResponse response(String topic, List<PartitionData> partitions) {
        return FetchResponse.builder()
                .responses(List.of(FetchableTopicResponse.builder()
                        .topic(topic)
                        .partitions(partitions)
                        .build()))
                .build();
    }

    private static List<PartitionData> partitions(FetchResponse response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    private final class Fetching implements ApiHandler<FetchRequest> {

        @Override
        public Api<FetchRequest> api() {
            return FetchRequest.API;
        }

        @Override
        public CompletionStage<Response> handle(RequestContext context, FetchRequest request) {
            return Response.completed(response("topic", List.of(partition(), partition())));
        }

        @Override
        public Message failure(FetchRequest request, int version, ErrorCode error) {
            return FetchResponse.builder().errorCode(error).build();
        }
    }

    private Response work(Work work, Response given) {
        if (!(given.message() instanceof FetchResponse response)) {
            return given;
        }
        List<PartitionData> partitions = partitions(response);
        return switch (work) {
            case PASS_ON -> given;
            case LEAVE_ONE_OUT ->
                Response.of(response("topic", partitions.stream().skip(1).toList()));
            case PUT_ONE_IN ->
                Response.of(response(
                        "topic",
                        Stream.concat(partitions.stream(), Stream.of(partition()))
                                .toList()));
            case ANSWER_ANEW -> Response.of(response("topic", List.of(partition())));
            case REFUSE -> throw new ApiException(ErrorCode.NOT_LEADER_OR_FOLLOWER, "elsewhere");
            case CLOSE -> Response.closeConnection();
            case FAIL -> throw new IllegalStateException("bug");
            case ANSWER_TO_ANOTHER_API ->
                Response.of(HeartbeatResponse.builder().build());
            case TOO_LONG_A_NAME -> Response.of(response("t".repeat(40_000), partitions));
        };
    }

    @Property
    void nothingLeaksAndNothingIsClosedTooEarly(@ForAll @Size(max = 5) List<Work> works) {
        ApiRegistry apis = new ApiRegistry();
        List<PluginHook> hooks = IntStream.range(0, works.size())
                .mapToObj(place -> new PluginHook("owner", place, new TestHook((request, next) -> next.proceed(request)
                        .thenApply(given -> work(works.get(place), given)))))
                .toList();
        apis.serve(Map.of("owner", List.of(new Fetching())), hooks);
        List<Answer> answers = new ArrayList<>();
        ClientConnection client = TestClients.on(Runnable::run);
        RecordingLogger log = new RecordingLogger();
        CallWatch watch = new CallWatch(Duration.ZERO, log::warn);
        new Dispatcher(apis, new MetricsRegistry(), new SystemClock(), watch, log)
                .dispatch(client, request(), answers::add);
        assertThat(answers).hasSize(1);
        Answer answer = answers.get(0);
        // Ten bytes in each.
        assertThat(answer.recordDataSizeInBytes()).isEqualTo(open.size() * 10);
        answer.discard();
        assertThat(open).isEmpty();
    }

    private static ByteBuffer request() {
        RequestHeader header = RequestHeader.builder()
                .requestApiKey((short) FetchRequest.API.key())
                .requestApiVersion((short) VERSION)
                .build();
        FetchRequest request = FetchRequest.builder().build();
        int headerVersion = FetchRequest.API.requestHeaderVersion(VERSION);
        ByteBuffer frame = ByteBuffer.allocate(header.encodedSize(headerVersion) + request.encodedSize(VERSION));
        MessageWriter writer = MessageWriter.copying(frame);
        header.write(writer, headerVersion);
        request.write(writer, VERSION);
        return frame.flip();
    }
}
