package io.brokkr.spi;

import java.util.concurrent.CompletionStage;

/**
 * Is told of every topic that is deleted, for plugins that keep something about topics: offsets, permissions, quotas. An {@link ApiHandlerFactory} that
 * implements this interface, too, is told from when its {@link ApiHandlerFactory#create} has returned until its {@link ApiHandlerFactory#close} is
 * called.
 *
 * <p>What the broker guarantees:
 *
 * <ol>
 *   <li>When a listener is called, the deletion is durable and {@link Topics} does not find the topic any more, neither by its name nor by its id. Whoever
 *       looked it up before may still be at work, so a listener that keeps state by the name looks again where it writes.
 *   <li>{@link Topics#delete}, and with it the client that asked for the deletion, waits until the stages of all listeners are complete, and so does
 *       whoever creates a topic of the same name. Listeners are called one after the other, and work side by side; the topic's data is deleted
 *       meanwhile.
 *   <li>A listener that throws, whose stage fails, or which takes longer than ten seconds, does not stop the deletion: the broker logs it and goes on
 *       without it.
 *   <li>A deletion that a listener has not completed, be it that it failed, that it was late, or that the broker was killed, is told to all listeners once more
 *       after the next start, before a topic of the same name can be created. If there is such a topic already, since the listener failed or was late,
 *       {@link Topics#find(String)} finds it. Hearing of the same deletion twice must do no harm.
 * </ol>
 */
public interface TopicDeletionListener {

    /**
     * A topic was deleted. Called on any thread, concurrently for different topics, and must not block.
     *
     * @param topic as it last was
     * @return completes when nothing that belongs to the topic would be found after a crash; must not wait for the creation of a topic of this name,
     *     which waits for it
     */
    CompletionStage<?> topicDeleted(Topic topic);
}
