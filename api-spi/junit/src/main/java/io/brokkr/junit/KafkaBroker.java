package io.brokkr.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives tests a {@link TestBroker}, as a parameter of a constructor or of a method.
 *
 * <pre>{@code
 * @KafkaBroker(topics = @KafkaBroker.Topic(name = "orders", partitions = 3))
 * class OrdersTest {
 *     @Test
 *     void ordersArrive(TestBroker broker) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>On a class, all its tests share one broker, those of nested classes too, unless the {@link #scope} says that each has one of its own. On a method, the test has one of its own
 * in any case. The test may be repeated, parameterized, and run in parallel with others.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(KafkaBrokerExtension.class)
public @interface KafkaBroker {

    /** The topics that there are at the beginning. */
    Topic[] topics() default {};

    /** Values of the broker's configuration, each as {@code name=value}. */
    String[] settings() default {};

    /** Who shares the broker. */
    Scope scope() default Scope.CLASS;

    /** A topic. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({})
    @interface Topic {

        /** Its name. */
        String name();

        /** How many partitions it has. */
        int partitions() default 1;

        /** Settings of its own, each as {@code name=value}. */
        String[] settings() default {};
    }

    /** Who shares a broker. */
    enum Scope {
        /** All tests of a class. */
        CLASS,
        /** Nobody: each test has one. */
        TEST
    }
}
