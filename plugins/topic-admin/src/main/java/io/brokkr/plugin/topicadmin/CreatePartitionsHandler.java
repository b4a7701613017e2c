package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.CreatePartitionsRequest;
import io.brokkr.protocol.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.brokkr.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.brokkr.protocol.message.CreatePartitionsResponse;
import io.brokkr.protocol.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Topic;
import io.brokkr.spi.security.Operation;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Serves CreatePartitions. */
final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequest> {

    private final BrokerServices broker;

    CreatePartitionsHandler(BrokerServices broker) {
        this.broker = broker;
    }

    @Override
    public Api<CreatePartitionsRequest> api() {
        return CreatePartitionsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, CreatePartitionsRequest request) {
        Deadline deadline = Deadline.ofMillis(request.timeoutMs(), broker.scheduler());
        ManualAssignment assignment = new ManualAssignment(broker.cluster(), context.listener());
        Set<String> repeated = Repeated.keys(request.topics(), CreatePartitionsTopic::name);
        return Stages.mapAll(
                        Repeated.firstOfEach(request.topics(), CreatePartitionsTopic::name),
                        wanted -> Stages.attempt(() -> {
                                    check(context, wanted, repeated, assignment);
                                    return deadline.await(broker.topics()
                                            .addPartitions(wanted.name(), wanted.count(), request.validateOnly()));
                                })
                                .handle((topic, failure) -> result(wanted.name(), Outcome.ofNullable(failure))))
                .thenApply(results -> Response.of(
                        CreatePartitionsResponse.builder().results(results).build()));
    }

    private void check(
            RequestContext context, CreatePartitionsTopic wanted, Set<String> repeated, ManualAssignment assignment) {
        if (repeated.contains(wanted.name())) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "the request names the topic more than once");
        }
        Rights.requireOnTopic(context, Operation.ALTER, wanted.name());
        Topic topic = broker.topics().find(wanted.name());
        if (topic == null) {
            throw new ApiException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic " + wanted.name());
        }
        int additional = wanted.count() - topic.partitionCount();
        if (additional <= 0) {
            throw new ApiException(
                    ErrorCode.INVALID_PARTITIONS,
                    "the topic has " + topic.partitionCount() + " partitions, and can only have more; not "
                            + wanted.count());
        }
        List<CreatePartitionsAssignment> assignments = wanted.assignments();
        if (assignments == null) {
            return;
        }
        if (assignments.size() != additional) {
            throw ManualAssignment.invalid(
                    additional + " partitions are to be added, and " + assignments.size() + " are assigned to brokers");
        }
        assignments.forEach(partition -> assignment.check(partition.brokerIds(), ManualAssignment.REPLICATION_FACTOR));
    }

    private static CreatePartitionsTopicResult result(String name, Outcome outcome) {
        return CreatePartitionsTopicResult.builder()
                .name(name)
                .errorCode(outcome.error())
                .errorMessage(outcome.message())
                .build();
    }

    @Override
    public CreatePartitionsResponse failure(CreatePartitionsRequest request, int version, ErrorCode error) {
        return CreatePartitionsResponse.builder()
                .results(Repeated.firstOfEach(request.topics(), CreatePartitionsTopic::name).stream()
                        .map(topic -> result(topic.name(), new Outcome(error, null)))
                        .toList())
                .build();
    }
}
