package io.brokkr.plugin.faultinjector;

import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.CreatePartitionsRequest;
import io.brokkr.protocol.message.CreateTopicsRequest;
import io.brokkr.protocol.message.DeleteRecordsRequest;
import io.brokkr.protocol.message.DeleteTopicsRequest;
import io.brokkr.protocol.message.DescribeTopicPartitionsRequest;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.ListOffsetsRequest;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.OffsetCommitRequest;
import io.brokkr.protocol.message.OffsetDeleteRequest;
import io.brokkr.protocol.message.OffsetFetchRequest;
import io.brokkr.protocol.message.OffsetForLeaderEpochRequest;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.spi.Topic;
import io.brokkr.spi.Topics;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which topics requests name, by name or by id, of all APIs whose requests do. Thread-safe. */
final class RequestTopics {

    /** What gives names (texts) and ids, some of which may be empty, null or zero. */
    private static final Map<String, Function<Message, Stream<?>>> BY_API = Map.ofEntries(
            api(ProduceRequest.class, request -> request.topicData().stream()
                    .flatMap(topic -> Stream.of(topic.name(), topic.topicId()))),
            api(FetchRequest.class, request -> request.topics().stream()
                    .flatMap(topic -> Stream.of(topic.topic(), topic.topicId()))),
            api(MetadataRequest.class, request -> all(request.topics())
                    .flatMap(topic -> Stream.of(topic.name(), topic.topicId()))),
            api(OffsetCommitRequest.class, request -> request.topics().stream()
                    .flatMap(topic -> Stream.of(topic.name(), topic.topicId()))),
            api(OffsetFetchRequest.class, RequestTopics::ofOffsetFetch),
            api(
                    DeleteTopicsRequest.class,
                    request -> Stream.concat(
                            request.topicNames().stream(),
                            request.topics().stream().flatMap(topic -> Stream.of(topic.name(), topic.topicId())))),
            api(ListOffsetsRequest.class, request -> request.topics().stream().map(topic -> topic.name())),
            api(OffsetForLeaderEpochRequest.class, request -> request.topics().stream()
                    .map(topic -> topic.topic())),
            api(CreateTopicsRequest.class, request -> request.topics().stream().map(topic -> topic.name())),
            api(CreatePartitionsRequest.class, request -> request.topics().stream()
                    .map(topic -> topic.name())),
            api(DeleteRecordsRequest.class, request -> request.topics().stream().map(topic -> topic.name())),
            api(OffsetDeleteRequest.class, request -> request.topics().stream().map(topic -> topic.name())),
            api(DescribeTopicPartitionsRequest.class, request -> request.topics().stream()
                    .map(topic -> topic.name())));

    private final Topics topics;

    RequestTopics(Topics topics) {
        this.topics = topics;
    }

    /** The class of an API's requests has the API's name. */
    private static <Q extends Message> Map.Entry<String, Function<Message, Stream<?>>> api(
            Class<Q> type, Function<Q, Stream<?>> named) {
        String name = type.getSimpleName().replaceFirst("Request$", "");
        return Map.entry(name, request -> type.isInstance(request) ? named.apply(type.cast(request)) : Stream.of());
    }

    private static Stream<?> ofOffsetFetch(OffsetFetchRequest request) {
        return Stream.concat(
                all(request.topics()).map(topic -> topic.name()),
                request.groups().stream()
                        .flatMap(group -> all(group.topics()))
                        .flatMap(topic -> Stream.of(topic.name(), topic.topicId())));
    }

    private static <T> Stream<T> all(@Nullable List<T> list) {
        return list == null ? Stream.of() : list.stream();
    }

    /** Whether requests of an API name topics. */
    static boolean areNamedBy(String api) {
        return BY_API.containsKey(api);
    }

    /** Whether a request names a topic. */
    boolean contain(String api, Message request, String topic) {
        Function<Message, Stream<?>> named = BY_API.get(api);
        if (named == null) {
            return false;
        }
        Topic known = topics.find(topic);
        UUID id = known == null ? null : known.id();
        return named.apply(request).anyMatch(name -> name != null && (name.equals(topic) || name.equals(id)));
    }
}
