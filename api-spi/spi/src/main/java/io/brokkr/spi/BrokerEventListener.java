package io.brokkr.spi;

/**
 * Hears of what happens in the broker, found with {@link java.util.ServiceLoader}. What it is told, {@link BrokerEvent} lists; who must have done its part before a topic's deletion is answered is a {@link
 * TopicDeletionListener} instead.
 *
 * <ol>
 *   <li>Each listener has a thread of its own, on which it hears one event after the other, in the order in which they were raised, and may block.
 *   <li>1,000 events wait for a listener that is slow. Those that come while so many wait it does not hear: they are counted in {@code brokkr_events_dropped_total}. Nobody else waits for it.
 *   <li>It hears what is raised after it has begun, and nothing twice. What waits when the broker ends or the plugin goes it still hears, if it takes no longer than five seconds.
 *   <li>One that throws is logged, and hears the next event.
 * </ol>
 */
public interface BrokerEventListener extends DeclaresSettings {

    /**
     * Begins. Called once, before the first event.
     *
     * @param broker valid until {@link #close} returns
     * @throws ApiException or any other exception, if the plugin cannot work; it is then left out
     */
    default void begin(BrokerServices broker) {}

    /** Something has happened. */
    void happened(BrokerEvent event);

    /** Ends what {@link #begin} began. Called once, after the last event. */
    default void close() {}
}
