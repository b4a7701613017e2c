package io.brokkr.plugin.groups;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.security.Authorizer;
import io.brokkr.spi.security.AuthorizerFactory;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.Set;
import java.util.function.Predicate;

/** An authorizer whose rules a test changes while the broker runs. Thread-safe. */
final class TestRules implements AuthorizerFactory {

    static final String NAME = "test-rules";

    /** That something may be done with something. */
    record Grant(Operation operation, Resource resource) {}

    private volatile Predicate<Grant> rule = grant -> true;

    static Grant group(Operation operation, String id) {
        return new Grant(operation, Resource.group(id));
    }

    static Grant topic(Operation operation, String name) {
        return new Grant(operation, Resource.topic(name));
    }

    void allowAll() {
        rule = grant -> true;
    }

    void allowOnly(Grant... grants) {
        rule = Set.of(grants)::contains;
    }

    void allowAllBut(Grant... grants) {
        Set<Grant> denied = Set.of(grants);
        rule = grant -> !denied.contains(grant);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Authorizer create(BrokerServices broker) {
        return (request, operation, resource) -> rule.test(new Grant(operation, resource));
    }
}
