package io.brokkr.spi.security;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.DeclaresSettings;

/**
 * The entry of a plugin that bounds what clients use, found with {@link java.util.ServiceLoader}. At work if {@code client.quota} has its name; without one, nobody has to pause. See the package page for the life cycle.
 */
public interface ClientQuotaFactory extends DeclaresSettings {

    /** The name in the configuration; constant, unique in the broker. */
    String name();

    /**
     * Makes the quota. Called once.
     *
     * @param broker valid until {@link #close} returns
     * @throws io.brokkr.spi.ApiException or any other exception, if it cannot work; the broker does not start then
     */
    ClientQuota create(BrokerServices broker);

    /** Ends what {@link #create} began. Called once, when nobody is connected any more. */
    default void close() {}
}
