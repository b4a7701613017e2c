package io.brokkr.spi.record;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.DeclaresSettings;

/**
 * The entry of a plugin that intercepts records, found with {@link java.util.ServiceLoader}. See the package page for the life cycle.
 *
 * <p>A topic that has one of the factory's {@link #topicSettings} must name it in {@code record.interceptors} or {@code record.interceptors.fetch}, or is refused: a schema that nobody applies would be a trap.
 */
public interface RecordInterceptorFactory extends DeclaresSettings {

    /** The name by which topics ask for it, such as {@code json-schema}; constant, unique in the broker, without commas. */
    String name();

    /**
     * Makes what is asked for each topic. Called once.
     *
     * @param broker valid until {@link #close} returns
     * @throws io.brokkr.spi.ApiException or any other exception, if the plugin cannot work; it is then left out
     */
    RecordInterceptors create(BrokerServices broker);

    /** Ends what {@link #create} began. Called once, when no batch is with an interceptor any more. */
    default void close() {}
}
