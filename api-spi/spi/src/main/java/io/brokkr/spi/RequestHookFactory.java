package io.brokkr.spi;

/**
 * The entry of a plugin that stands around requests, found with {@link java.util.ServiceLoader}: makes a {@link RequestHook}.
 *
 * <p>The life cycle is that of an {@link ApiHandlerFactory}, of which the same plugin may have some, too.
 */
public interface RequestHookFactory extends DeclaresSettings {

    /**
     * Makes the hook. Called once, before the first request.
     *
     * @param broker valid until {@link #close} returns
     * @throws ApiException or any other exception, if the plugin cannot work; it is then left out
     */
    RequestHook create(BrokerServices broker);

    /**
     * Where the hook stands among those of other plugins: the lower the number, the further out, so that it sees a request earlier and a response later. Of hooks with the same number, that of
     * the plugin with the lower id stands further out. Always the same answer.
     */
    default int order() {
        return 0;
    }

    /** Ends what {@link #create} began. Called once, after the last stage of the hook is complete. */
    default void close() {}
}
