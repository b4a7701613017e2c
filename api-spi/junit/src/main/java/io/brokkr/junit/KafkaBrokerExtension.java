package io.brokkr.junit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Starts and ends the brokers of {@link KafkaBroker}. A broker is kept by the context of those who share it, where contexts below find it. */
final class KafkaBrokerExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(KafkaBrokerExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        // Not of an enclosing class: there it has been started.
        find(context)
                .filter(wish -> wish.scope() == KafkaBroker.Scope.CLASS)
                .ifPresent(wish -> keep(context, start(wish)));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Optional<KafkaBroker> ofMethod = find(context);
        Optional<KafkaBroker> wish = ofMethod.isPresent()
                ? ofMethod
                : ofClass(context).filter(each -> each.scope() == KafkaBroker.Scope.TEST);
        wish.ifPresent(each -> keep(context, start(each)));
    }

    private static Optional<KafkaBroker> find(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), KafkaBroker.class);
    }

    /** The one nearest to the test: that of its class, or of the classes around that. */
    private static Optional<KafkaBroker> ofClass(ExtensionContext context) {
        Optional<ExtensionContext> around = context.getParent();
        while (around.isPresent()) {
            Optional<KafkaBroker> found = find(around.get());
            if (found.isPresent()) {
                return found;
            }
            around = around.get().getParent();
        }
        return Optional.empty();
    }

    private static TestBroker start(KafkaBroker wish) {
        TestBroker.Builder builder = TestBroker.builder();
        settings(wish.settings()).forEach(builder::setting);
        for (KafkaBroker.Topic topic : wish.topics()) {
            builder.topic(topic.name(), topic.partitions(), settings(topic.settings()));
        }
        return builder.start();
    }

    private static Map<String, String> settings(String... pairs) {
        Map<String, String> settings = new HashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new ExtensionConfigurationException("the setting «" + pair + "» must be like name=value");
            }
            settings.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return settings;
    }

    private static void keep(ExtensionContext context, TestBroker broker) {
        context.getStore(NAMESPACE).put(TestBroker.class, broker);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end(context);
    }

    /** Only what this context keeps, not what those above it do. */
    private static void end(ExtensionContext context) {
        TestBroker broker = context.getStore(NAMESPACE).remove(TestBroker.class, TestBroker.class);
        if (broker != null) {
            broker.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestBroker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestBroker broker = context.getStore(NAMESPACE).get(TestBroker.class, TestBroker.class);
        if (broker == null) {
            throw new ParameterResolutionException(
                    "there is no broker yet: where each test has one of its own, it is a parameter of the test's method"
                            + " or of @BeforeEach, and not of the constructor or of @BeforeAll");
        }
        return broker;
    }
}
