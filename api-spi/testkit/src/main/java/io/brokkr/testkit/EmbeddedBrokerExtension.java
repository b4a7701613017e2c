package io.brokkr.testkit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts a broker before the tests and ends it after them: one for all tests of a class in a static field, one for each test otherwise.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final EmbeddedBrokerExtension BROKER = new EmbeddedBrokerExtension(
 *         EmbeddedBroker.builder().extension(MemoryStorageEngineFactory::new));
 * }</pre>
 */
public final class EmbeddedBrokerExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    private final EmbeddedBroker.Builder builder;
    private @Nullable EmbeddedBroker broker;
    private boolean forAll;

    /** A broker that is started later. */
    public EmbeddedBrokerExtension(EmbeddedBroker.Builder builder) {
        this.builder = builder;
    }

    /** The running broker. */
    public EmbeddedBroker broker() {
        if (broker == null) {
            throw new IllegalStateException(
                    "the broker runs only while tests do; is the field annotated with @RegisterExtension?");
        }
        return broker;
    }

    /** A connection to it. */
    public WireClient connect() {
        return broker().connect();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        forAll = true;
        broker = builder.start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!forAll) {
            broker = builder.start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!forAll) {
            end();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end();
    }

    private void end() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }
}
