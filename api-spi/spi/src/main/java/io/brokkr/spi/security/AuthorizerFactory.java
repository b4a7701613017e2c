package io.brokkr.spi.security;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.DeclaresSettings;

/**
 * The entry of a plugin that decides what clients may do, found with {@link java.util.ServiceLoader}. At work if {@code authorizer} has its name; without one, everybody may do everything. See the package page for the life
 * cycle.
 */
public interface AuthorizerFactory extends DeclaresSettings {

    /** The name in the configuration; constant, unique in the broker. */
    String name();

    /**
     * Makes the authorizer. Called once.
     *
     * @param broker valid until {@link #close} returns
     * @throws io.brokkr.spi.ApiException or any other exception, if it cannot work; the broker does not start then
     */
    Authorizer create(BrokerServices broker);

    /** Ends what {@link #create} began. Called once, when nobody is connected any more. */
    default void close() {}
}
