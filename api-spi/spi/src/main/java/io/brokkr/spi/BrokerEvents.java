package io.brokkr.spi;

import java.util.Map;

/** Where what happens is told, for every {@link BrokerEventListener} to hear. Thread-safe. */
public interface BrokerEvents {

    /**
     * Tells that something has happened. Costs next to nothing and waits for nobody, so that it may be called on any thread, under locks too. Listeners hear the events that one thread raises in
     * their order.
     *
     * @param type what, in the manner of {@code topic.created}: lower case, and a dot behind the kind of the subject
     * @param subject whom it concerns: the name of the topic, the id of the group
     * @param details what else there is to know, by names in lower case; as texts, since plugins know nothing of each other's classes
     */
    void raise(String type, String subject, Map<String, String> details);
}
