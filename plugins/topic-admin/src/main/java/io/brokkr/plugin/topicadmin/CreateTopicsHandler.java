package io.brokkr.plugin.topicadmin;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.CreateTopicsRequest;
import io.brokkr.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.brokkr.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.brokkr.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.brokkr.protocol.message.CreateTopicsResponse;
import io.brokkr.protocol.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.brokkr.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Topic;
import io.brokkr.spi.security.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves CreateTopics. A topic that was created can be used when the response leaves. */
final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequest> {

    /** From here on the response shows the topic as it is (KIP-525). */
    private static final int FIRST_VERSION_WITH_CONFIGS = 5;

    private final BrokerServices broker;
    private final SettingValues settings;

    CreateTopicsHandler(BrokerServices broker, SettingValues settings) {
        this.broker = broker;
        this.settings = settings;
    }

    @Override
    public Api<CreateTopicsRequest> api() {
        return CreateTopicsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, CreateTopicsRequest request) {
        Deadline deadline = Deadline.ofMillis(request.timeoutMs(), broker.scheduler());
        ManualAssignment assignment = new ManualAssignment(broker.cluster(), context.listener());
        Set<String> repeated = Repeated.keys(request.topics(), CreatableTopic::name);
        return Stages.mapAll(
                        Repeated.firstOfEach(request.topics(), CreatableTopic::name), wanted -> Stages.attempt(() -> {
                                    if (repeated.contains(wanted.name())) {
                                        throw new ApiException(
                                                ErrorCode.INVALID_REQUEST,
                                                "the request names the topic more than once");
                                    }
                                    if (!Rights.onClusterOrTopic(context, Operation.CREATE, wanted.name())) {
                                        throw Rights.refusal(Operation.CREATE);
                                    }
                                    NewTopic wish = wish(wanted, assignment);
                                    return request.validateOnly()
                                            ? CompletableFuture.completedFuture(
                                                    broker.topics().validate(wish))
                                            : deadline.await(broker.topics().create(wish));
                                })
                                .handle((topic, failure) -> failure == null
                                        ? created(context, topic, request.validateOnly())
                                        : failed(wanted.name(), Outcome.of(failure))))
                .thenApply(results -> Response.of(
                        CreateTopicsResponse.builder().topics(results).build()));
    }

    private static NewTopic wish(CreatableTopic wanted, ManualAssignment assignment) {
        Map<String, String> overrides = overrides(wanted.configs());
        if (wanted.assignments().isEmpty()) {
            return new NewTopic(wanted.name(), wanted.numPartitions(), wanted.replicationFactor(), overrides);
        }
        if (wanted.numPartitions() != NewTopic.DEFAULT || wanted.replicationFactor() != NewTopic.DEFAULT) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "with a manual assignment, the number of partitions and the replication factor must both be -1");
        }
        TreeMap<Integer, List<Integer>> replicasOfPartitions = new TreeMap<>();
        for (CreatableReplicaAssignment partition : wanted.assignments()) {
            if (replicasOfPartitions.put(partition.partitionIndex(), partition.brokerIds()) != null) {
                throw ManualAssignment.invalid(
                        "the assignment has partition " + partition.partitionIndex() + " more than once");
            }
        }
        int replicationFactor = assignment.replicationFactor(replicasOfPartitions);
        return new NewTopic(wanted.name(), replicasOfPartitions.size(), replicationFactor, overrides);
    }

    private static Map<String, String> overrides(List<CreatableTopicConfig> configs) {
        Map<String, String> overrides = new HashMap<>();
        for (CreatableTopicConfig config : configs) {
            if (config.value() == null) {
                throw new ApiException(ErrorCode.INVALID_CONFIG, config.name() + ": must have a value");
            }
            overrides.putIfAbsent(config.name(), config.value());
        }
        return overrides;
    }

    /** Who may create topics and not see their settings hears no more than that it is done. */
    private CreatableTopicResult created(RequestContext context, Topic topic, boolean validateOnly) {
        CreatableTopicResult.Builder result = CreatableTopicResult.builder()
                .name(topic.name())
                .topicId(validateOnly ? Message.ZERO_UUID : topic.id())
                .errorMessage(null);
        if (context.apiVersion() < FIRST_VERSION_WITH_CONFIGS) {
            return result.build();
        }
        if (Rights.onTopic(context, Operation.DESCRIBE_CONFIGS, topic.name())) {
            result.numPartitions(topic.partitionCount())
                    .replicationFactor(ManualAssignment.REPLICATION_FACTOR)
                    .configs(settings.ofTopic(topic.overrides()).stream()
                            .map(CreateTopicsHandler::describe)
                            .toList());
        } else {
            result.topicConfigErrorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        return result.build();
    }

    private static CreatableTopicConfigs describe(SettingValue setting) {
        return CreatableTopicConfigs.builder()
                .name(setting.name())
                .value(setting.text())
                .configSource(setting.source().code())
                .build();
    }

    private static CreatableTopicResult failed(String name, Outcome outcome) {
        return CreatableTopicResult.builder()
                .name(name)
                .errorCode(outcome.error())
                .errorMessage(outcome.message())
                .build();
    }

    @Override
    public CreateTopicsResponse failure(CreateTopicsRequest request, int version, ErrorCode error) {
        return CreateTopicsResponse.builder()
                .topics(Repeated.firstOfEach(request.topics(), CreatableTopic::name).stream()
                        .map(topic -> failed(topic.name(), new Outcome(error, null)))
                        .toList())
                .build();
    }
}
