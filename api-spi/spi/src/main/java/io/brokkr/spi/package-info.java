/**
 * The extension points for Kafka APIs and for what stands around them, and the services of the broker that handlers work with.
 *
 * <h2>Where to start</h2>
 *
 * <p>An API plugin is a jar with one or more {@link io.brokkr.spi.ApiHandlerFactory} service providers. The factory gets the
 * {@link io.brokkr.spi.BrokerServices} and returns {@link io.brokkr.spi.ApiHandler}s, one for each API it serves. A plugin that stands around the requests of APIs has a {@link
 * io.brokkr.spi.RequestHookFactory}, whose life cycle is the same; {@link io.brokkr.spi.RequestHook} tells the rest. One that hears of what
 * happens is a {@link io.brokkr.spi.BrokerEventListener}. Everything that
 * the plugins which ship with Brokkr can do, a stranger's can do: they have no other way in.
 *
 * <h2>Life cycle</h2>
 *
 * <ol>
 *   <li>The plugin host finds factories with {@link java.util.ServiceLoader} and calls their public constructor without arguments.
 *   <li>{@link io.brokkr.spi.ApiHandlerFactory#settings} is asked before the configuration is read.
 *   <li>{@link io.brokkr.spi.ApiHandlerFactory#create} is called once. Only after it returned do requests arrive.
 *   <li>From then on it is told of deleted topics if it is a {@link io.brokkr.spi.TopicDeletionListener}, too.
 *   <li>When the plugin goes, its APIs leave the registry first; the requests that are under way are awaited; it is told of no more deletions; then {@link
 *       io.brokkr.spi.ApiHandlerFactory#close} is called once.
 *   <li>Tasks that the plugin has with the {@link io.brokkr.spi.Scheduler}, and gauges that it has with the {@link io.brokkr.spi.Metrics}, end after that by themselves. What else it
 *       began, it ends in {@code close}: threads of its own, {@linkplain io.brokkr.spi.Partition#await waits} and {@linkplain
 *       io.brokkr.spi.storage.MetadataStore#watch watches}, and values of its own classes in a {@link ThreadLocal}. Otherwise its classes stay in memory.
 *   <li>All of this may happen while the broker runs, and again with another version of the plugin: the new one is created before the old one goes, so that for a
 *       moment there are both.
 *   <li>A factory that throws is left out with its reason in the log; the rest of the broker goes on.
 * </ol>
 *
 * <h2>Threads</h2>
 *
 * <ol>
 *   <li>{@link io.brokkr.spi.ApiHandler#handle} is called on an event loop. It <em>must not</em> block: it starts the work and returns a
 *       stage. Work that has to block goes to {@link io.brokkr.spi.Scheduler#blocking}.
 *   <li>The requests of one connection are given to their handlers one after the other, in the order of arrival, on the same thread;
 *       the next one is not held back until the stage of the one before is complete. Whatever {@code handle} does before it returns is
 *       therefore in the order of the connection.
 *   <li>Requests of different connections are given to the same handler concurrently. A handler is thread-safe.
 *   <li>Responses leave in the order of the requests of their connection, in whatever order the stages complete.
 *   <li>A stage may be completed on any thread. The services complete theirs on threads that must not be blocked either.
 *   <li>The thread's context class loader is the plugin's while the broker calls into it.
 * </ol>
 *
 * <h2>Memory</h2>
 *
 * <ol>
 *   <li>A request's {@link io.brokkr.protocol.RecordData} is a view of the network buffer. It is valid until the stage that
 *       {@code handle} returned is complete, and not a moment longer. All other fields of a request are the handler's to keep.
 *   <li>The {@link io.brokkr.protocol.RecordData} in a response belongs to the broker from the moment the stage completes, which closes
 *       it when it has left, or cannot leave.
 * </ol>
 *
 * <h2>Failure</h2>
 *
 * <ol>
 *   <li>An error that concerns the whole request is thrown, or fails the stage, as an {@link io.brokkr.spi.ApiException}: the broker asks {@link
 *       io.brokkr.spi.ApiHandler#failure} for the response that tells the client.
 *   <li>Any other exception is a bug: it is logged with its stack and answered the same way with {@code UNKNOWN_SERVER_ERROR}. It costs
 *       that request, never the connection.
 * </ol>
 */
@NullMarked
@Stability(Stability.Level.STABLE)
package io.brokkr.spi;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
