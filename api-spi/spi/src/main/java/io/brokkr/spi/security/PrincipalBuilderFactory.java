package io.brokkr.spi.security;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.DeclaresSettings;

/**
 * The entry of a plugin that names principals, found with {@link java.util.ServiceLoader}. At work if {@code principal.builder} has its name; without one, a client is the user whose name it proved to have, or {@link
 * Principal#ANONYMOUS}. See the package page for the life cycle.
 */
public interface PrincipalBuilderFactory extends DeclaresSettings {

    /** The name in the configuration; constant, unique in the broker. */
    String name();

    /**
     * Makes the builder. Called once.
     *
     * @param broker valid until {@link #close} returns
     * @throws io.brokkr.spi.ApiException or any other exception, if it cannot work; the broker does not start then
     */
    PrincipalBuilder create(BrokerServices broker);

    /** Ends what {@link #create} began. Called once, when nobody is connected any more. */
    default void close() {}
}
