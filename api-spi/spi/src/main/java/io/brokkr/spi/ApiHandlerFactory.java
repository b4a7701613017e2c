package io.brokkr.spi;

import java.util.List;

/**
 * The entry of an API plugin, found with {@link java.util.ServiceLoader}: makes the handlers that live and end together.
 *
 * <p>See the package page for the life cycle. A factory that implements {@link TopicDeletionListener}, too, is told of topics that are deleted.
 */
public interface ApiHandlerFactory extends DeclaresSettings {

    /**
     * Makes the handlers, none if the plugin does its work without being asked. Called once, when the storage is open and before the first request.
     *
     * <p>It should be quick, since the broker's start waits for it: what takes time is left to the first request.
     *
     * @param broker valid until {@link #close} returns
     * @throws ApiException or any other exception, if the plugin cannot work; it is then left out
     */
    List<ApiHandler<?>> create(BrokerServices broker);

    /** Ends what {@link #create} began. Called once, after the last stage of the handlers is complete. */
    default void close() {}
}
