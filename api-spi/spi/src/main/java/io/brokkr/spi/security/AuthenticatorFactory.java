package io.brokkr.spi.security;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.DeclaresSettings;

/**
 * The entry of a plugin that has a SASL mechanism, found with {@link java.util.ServiceLoader}. Clients of the listeners whose protocol asks for it choose among the mechanisms of all such plugins. See the package page for
 * the life cycle.
 */
public interface AuthenticatorFactory extends DeclaresSettings {

    /** The name of the mechanism as it is registered for SASL (RFC 4422), such as {@code PLAIN}; constant, unique in the broker. */
    String mechanism();

    /**
     * Makes the authenticator. Called once.
     *
     * @param broker valid until {@link #close} returns
     * @throws io.brokkr.spi.ApiException or any other exception, if it cannot work; the broker does not start then
     */
    Authenticator create(BrokerServices broker);

    /** Ends what {@link #create} began. Called once, when nobody is connected any more. */
    default void close() {}
}
