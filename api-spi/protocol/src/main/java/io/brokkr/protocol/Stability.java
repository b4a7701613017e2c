package io.brokkr.protocol;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How far one may rely on what one compiles against. On a package it counts for all that is in it, but for a type that has one of its own; what is inside of a type counts as that type.
 *
 * <p>It lies here because this is the lowest of the modules that authors compile against. There is no level for what is public by accident: the plugins that ship with Brokkr use what
 * is exported, and nothing else. The page {@code docs/stability.md} says which changes count as a break, and which are none.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PACKAGE, ElementType.TYPE})
public @interface Stability {

    /** What is promised. */
    Level value();

    /** The promises. While the version begins with 0, both allow a new minor version to break, and neither allows a patch to. */
    enum Level {
        /** Only a new major version breaks it. */
        STABLE,
        /** A new minor version may break it: it is new, or few have used it yet. */
        EVOLVING
    }
}
