package io.brokkr.testkit;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.security.Authorizer;
import io.brokkr.spi.security.AuthorizerFactory;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.util.function.BiPredicate;

/**
 * An authorizer with the rule of a test, for all clients.
 *
 * <pre>{@code
 * EmbeddedBroker.builder()
 *         .extension(() -> new TestAuthorizer((operation, resource) -> operation != Operation.WRITE))
 *         .setting("authorizer", TestAuthorizer.NAME)
 * }</pre>
 */
public final class TestAuthorizer implements AuthorizerFactory {

    /** What the setting {@code authorizer} has to say. */
    public static final String NAME = "test";

    private final BiPredicate<Operation, Resource> rule;

    /**
     * Allows what the rule says.
     *
     * @param rule called on any thread, for many requests at a time
     */
    public TestAuthorizer(BiPredicate<Operation, Resource> rule) {
        this.rule = rule;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Authorizer create(BrokerServices broker) {
        return (request, operation, resource) -> rule.test(operation, resource);
    }
}
