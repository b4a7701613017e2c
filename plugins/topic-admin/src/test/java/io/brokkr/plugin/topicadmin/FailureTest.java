package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageReader;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.message.AlterConfigsRequest;
import io.brokkr.protocol.message.AlterConfigsResponse;
import io.brokkr.protocol.message.CreatePartitionsRequest;
import io.brokkr.protocol.message.CreatePartitionsResponse;
import io.brokkr.protocol.message.CreateTopicsRequest;
import io.brokkr.protocol.message.CreateTopicsResponse;
import io.brokkr.protocol.message.DeleteRecordsRequest;
import io.brokkr.protocol.message.DeleteRecordsResponse;
import io.brokkr.protocol.message.DeleteTopicsRequest;
import io.brokkr.protocol.message.DeleteTopicsResponse;
import io.brokkr.protocol.message.DescribeConfigsRequest;
import io.brokkr.protocol.message.DescribeConfigsResponse;
import io.brokkr.protocol.message.DescribeLogDirsRequest;
import io.brokkr.protocol.message.DescribeLogDirsResponse;
import io.brokkr.protocol.message.IncrementalAlterConfigsRequest;
import io.brokkr.protocol.message.IncrementalAlterConfigsResponse;
import io.brokkr.protocol.message.ListPartitionReassignmentsRequest;
import io.brokkr.protocol.message.ListPartitionReassignmentsResponse;
import io.brokkr.spi.ApiHandler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Where a request fails as a whole, clients of every version learn so wherever they look for errors. */
class FailureTest {

    private static final ErrorCode ERROR = ErrorCode.KAFKA_STORAGE_ERROR;
    private static final List<String> NAMES = List.of("one", "two");

    private static AdminBroker broker;

    @BeforeContainer
    static void start() {
        broker = new AdminBroker(Map.of());
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @Example
    void everyHandlerTellsOfAFailureAtEveryVersion() {
        List<ApiHandler<?>> handlers =
                new TopicAdminHandlers().create(broker.embedded().services());

        assertThat(handlers).hasSize(9);
        for (ApiHandler<?> handler : handlers) {
            for (int version = handler.api().lowestVersion();
                    version <= handler.api().highestVersion();
                    version++) {
                assertThat(errorsOf(handler, version))
                        .as(handler.api().name() + " version " + version)
                        .isNotEmpty()
                        .containsOnly(ERROR.code());
            }
        }
    }

    private static List<Short> errorsOf(ApiHandler<?> handler, int version) {
        return switch (handler.api().name()) {
            case "CreateTopics" ->
                errors(
                        handler,
                        version,
                        createTopics(),
                        CreateTopicsResponse::read,
                        response ->
                                response.topics().stream().map(CreateTopicsResponse.CreatableTopicResult::errorCode));
            case "DeleteTopics" ->
                errors(
                        handler,
                        version,
                        deleteTopics(version),
                        DeleteTopicsResponse::read,
                        response -> response.responses().stream()
                                .map(DeleteTopicsResponse.DeletableTopicResult::errorCode));
            case "CreatePartitions" ->
                errors(
                        handler,
                        version,
                        createPartitions(),
                        CreatePartitionsResponse::read,
                        response -> response.results().stream()
                                .map(CreatePartitionsResponse.CreatePartitionsTopicResult::errorCode));
            case "DeleteRecords" ->
                errors(
                        handler,
                        version,
                        deleteRecords(),
                        DeleteRecordsResponse::read,
                        response -> response.topics().stream()
                                .flatMap(topic -> topic.partitions().stream())
                                .map(DeleteRecordsResponse.DeleteRecordsPartitionResult::errorCode));
            case "DescribeConfigs" ->
                errors(
                        handler,
                        version,
                        describeConfigs(),
                        DescribeConfigsResponse::read,
                        response -> response.results().stream()
                                .map(DescribeConfigsResponse.DescribeConfigsResult::errorCode));
            case "AlterConfigs" ->
                errors(
                        handler,
                        version,
                        alterConfigs(),
                        AlterConfigsResponse::read,
                        response -> response.responses().stream()
                                .map(AlterConfigsResponse.AlterConfigsResourceResponse::errorCode));
            case "IncrementalAlterConfigs" ->
                errors(
                        handler,
                        version,
                        incremental(),
                        IncrementalAlterConfigsResponse::read,
                        response -> response.responses().stream()
                                .map(IncrementalAlterConfigsResponse.AlterConfigsResourceResponse::errorCode));
            case "DescribeLogDirs" ->
                // Before version 3 there is no room for an error besides in a place, and no place is known: an empty
                // answer.
                errors(
                        handler,
                        version,
                        DescribeLogDirsRequest.builder().build(),
                        DescribeLogDirsResponse::read,
                        response -> Stream.of(version >= 3 ? response.errorCode() : ERROR.code()));
            default ->
                errors(
                        handler,
                        version,
                        ListPartitionReassignmentsRequest.builder().build(),
                        ListPartitionReassignmentsResponse::read,
                        response -> Stream.of(response.errorCode()));
        };
    }

    private static <Q extends Message, R extends Message> List<Short> errors(
            ApiHandler<?> handler,
            int version,
            Q request,
            BiFunction<MessageReader, Integer, R> decoder,
            Function<R, Stream<Short>> errors) {
        @SuppressWarnings("unchecked") // The request is that of the API whose name was asked for.
        Message failure = ((ApiHandler<Q>) handler).failure(request, version, ERROR);
        ByteBuffer bytes = ByteBuffer.allocate(failure.encodedSize(version));
        failure.write(MessageWriter.copying(bytes), version);
        return errors.apply(decoder.apply(new MessageReader(bytes.flip()), version))
                .toList();
    }

    private static CreateTopicsRequest createTopics() {
        return CreateTopicsRequest.builder()
                .topics(NAMES.stream()
                        .map(name -> AdminBroker.creatable(name, 1, 1).build())
                        .toList())
                .build();
    }

    private static DeleteTopicsRequest deleteTopics(int version) {
        DeleteTopicsRequest.Builder request = DeleteTopicsRequest.builder();
        return version < 6
                ? request.topicNames(NAMES).build()
                : request.topics(NAMES.stream()
                                .map(name -> DeleteTopicsRequest.DeleteTopicState.builder()
                                        .name(name)
                                        .build())
                                .toList())
                        .build();
    }

    private static CreatePartitionsRequest createPartitions() {
        return CreatePartitionsRequest.builder()
                .topics(NAMES.stream()
                        .map(name -> CreatePartitionsRequest.CreatePartitionsTopic.builder()
                                .name(name)
                                .build())
                        .toList())
                .build();
    }

    private static DeleteRecordsRequest deleteRecords() {
        return DeleteRecordsRequest.builder()
                .topics(NAMES.stream()
                        .map(name -> DeleteRecordsRequest.DeleteRecordsTopic.builder()
                                .name(name)
                                .partitions(List.of(DeleteRecordsRequest.DeleteRecordsPartition.builder()
                                        .build()))
                                .build())
                        .toList())
                .build();
    }

    private static DescribeConfigsRequest describeConfigs() {
        return DescribeConfigsRequest.builder()
                .resources(NAMES.stream()
                        .map(name -> DescribeConfigsRequest.DescribeConfigsResource.builder()
                                .resourceName(name)
                                .build())
                        .toList())
                .build();
    }

    private static AlterConfigsRequest alterConfigs() {
        return AlterConfigsRequest.builder()
                .resources(NAMES.stream()
                        .map(name -> AlterConfigsRequest.AlterConfigsResource.builder()
                                .resourceName(name)
                                .build())
                        .toList())
                .build();
    }

    private static IncrementalAlterConfigsRequest incremental() {
        return IncrementalAlterConfigsRequest.builder()
                .resources(NAMES.stream()
                        .map(name -> IncrementalAlterConfigsRequest.AlterConfigsResource.builder()
                                .resourceName(name)
                                .build())
                        .toList())
                .build();
    }
}
