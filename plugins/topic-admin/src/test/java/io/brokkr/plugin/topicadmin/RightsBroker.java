package io.brokkr.plugin.topicadmin;

import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import io.brokkr.testkit.TestAuthorizer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A broker with one topic, whose clients may do what a test has given them the right to. */
final class RightsBroker implements AutoCloseable {

    static final String THERE = "there";
    static final String NOT_THERE = "not-there";

    private final Map<Resource, Set<Operation>> rights = new ConcurrentHashMap<>();

    private final AdminBroker broker = new AdminBroker(
            Map.of("authorizer", TestAuthorizer.NAME),
            new TestAuthorizer((operation, resource) ->
                    rights.getOrDefault(resource, Set.of()).contains(operation)));

    AdminBroker broker() {
        return broker;
    }

    /** One topic, and no rights. */
    void startAnew() {
        broker.deleteAll();
        broker.create(THERE, 1, Map.of());
        rights.clear();
    }

    void allow(Resource resource, Operation... operations) {
        rights.put(resource, Set.of(operations));
    }

    /** The client may do this alone with both topics, that which is there and that which is not. */
    void allowOnTopics(Operation... operations) {
        allow(Resource.topic(THERE), operations);
        allow(Resource.topic(NOT_THERE), operations);
    }

    /** Every right but one, which is not enough. */
    void allowAllBut(Operation missing) {
        Operation[] others = Stream.of(Operation.values())
                .filter(operation -> operation != missing)
                .toArray(Operation[]::new);
        allowOnTopics(others);
        allow(Resource.CLUSTER, others);
    }

    @Override
    public void close() {
        broker.close();
    }
}
