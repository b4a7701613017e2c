package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.DeleteTopicsRequest;
import io.brokkr.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.brokkr.protocol.message.DeleteTopicsResponse;
import io.brokkr.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/** Topics go, by name or by id, and no other topic goes with them. */
class DeleteTopicsTest {

    private static final List<String> THERE = List.of("a", "b", "c");

    private static AdminBroker broker;

    @BeforeContainer
    static void start() {
        broker = new AdminBroker(Map.of());
    }

    @AfterContainer
    static void stop() {
        broker.close();
    }

    @BeforeTry
    void createTopics() {
        broker.deleteAll();
        THERE.forEach(name -> broker.create(name, 1, Map.of()));
    }

    @Provide
    Arbitrary<Integer> versions() {
        return AdminBroker.versionsOf(DeleteTopicsRequest.API);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "c", "not there", "not.there");
    }

    @Property(tries = 200)
    void everyVersionDeletesWhatIsNamedOnce(
            @ForAll("versions") int version, @ForAll @Size(max = 5) List<@From("names") String> names) {
        DeleteTopicsResponse response = delete(names, version);

        assertThat(response.responses())
                .extracting(DeletableTopicResult::name)
                .containsExactlyElementsOf(new LinkedHashSet<>(names));
        for (DeletableTopicResult result : response.responses()) {
            boolean repeated = names.indexOf(result.name()) != names.lastIndexOf(result.name());
            ErrorCode expected = repeated
                    ? ErrorCode.INVALID_REQUEST
                    : THERE.contains(result.name()) ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            assertThat(ErrorCode.forCode(result.errorCode())).isEqualTo(expected);
            assertThat(result.errorMessage() != null).isEqualTo(version >= 5 && expected != ErrorCode.NONE);
        }
        for (String name : THERE) {
            boolean named = names.indexOf(name) >= 0 && names.indexOf(name) == names.lastIndexOf(name);
            assertThat(broker.topic(name) == null).as(name + " is gone").isEqualTo(named);
        }
    }

    private static DeleteTopicsResponse delete(List<String> names, int version) {
        DeleteTopicsRequest.Builder request = DeleteTopicsRequest.builder().timeoutMs(AdminBroker.TIMEOUT_MILLIS);
        if (version >= 6) {
            request.topics(
                    names.stream().map(name -> state(name, Message.ZERO_UUID)).toList());
        } else {
            request.topicNames(names);
        }
        return broker.call(DeleteTopicsRequest.API, request.build(), version, DeleteTopicsResponse::read);
    }

    @Example
    void anIdDeletesItsTopicAndTellsTheName() {
        UUID id = broker.topic("b").id();

        DeletableTopicResult result = delete(state(null, id)).get(0);

        assertThat(ErrorCode.forCode(result.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(result.name()).isEqualTo("b");
        assertThat(result.topicId()).isEqualTo(id);
        assertThat(broker.topic("b")).isNull();
        assertThat(broker.topic("a")).isNotNull();
    }

    /** A topic that was made anew under the old name is another topic. */
    @Example
    void theIdOfAFormerTopicOfTheNameDeletesNothing() {
        UUID former = broker.topic("a").id();
        delete(List.of("a"), 6);
        broker.create("a", 1, Map.of());

        DeletableTopicResult result = delete(state(null, former)).get(0);

        assertThat(ErrorCode.forCode(result.errorCode())).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(result.name()).isNull();
        assertThat(broker.topic("a")).isNotNull();
    }

    @Example
    void aTopicIsNamedInOneWayAndOnce() {
        UUID id = broker.topic("a").id();

        List<DeletableTopicResult> results = delete(
                state("a", Message.ZERO_UUID),
                state(null, id),
                state("b", broker.topic("b").id()),
                state(null, Message.ZERO_UUID),
                state("c", Message.ZERO_UUID));

        assertThat(results)
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.NONE);
        assertThat(broker.topic("a")).isNotNull();
        assertThat(broker.topic("b")).isNotNull();
        assertThat(broker.topic("c")).isNull();
    }

    @Property
    void withoutTimeNothingIsDeleted(@ForAll("versions") int version) {
        DeleteTopicsRequest.Builder request = DeleteTopicsRequest.builder().timeoutMs(0);
        if (version >= 6) {
            request.topics(List.of(state("a", Message.ZERO_UUID)));
        } else {
            request.topicNames(List.of("a"));
        }

        DeleteTopicsResponse response =
                broker.call(DeleteTopicsRequest.API, request.build(), version, DeleteTopicsResponse::read);

        assertThat(response.responses())
                .extracting(result -> ErrorCode.forCode(result.errorCode()))
                .containsExactly(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(broker.topic("a")).isNotNull();
    }

    private static List<DeletableTopicResult> delete(DeleteTopicState... topics) {
        DeleteTopicsRequest request = DeleteTopicsRequest.builder()
                .topics(List.of(topics))
                .timeoutMs(AdminBroker.TIMEOUT_MILLIS)
                .build();
        return broker.call(DeleteTopicsRequest.API, request, 6, DeleteTopicsResponse::read)
                .responses();
    }

    private static DeleteTopicState state(String name, UUID id) {
        return DeleteTopicState.builder().name(name).topicId(id).build();
    }
}
