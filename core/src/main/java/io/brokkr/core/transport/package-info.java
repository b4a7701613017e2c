/**
 * The sockets: takes requests out of them, hands them to the {@link io.brokkr.core.dispatch.Dispatcher}, and sends the answers in the order
 * of the requests. Netty's types stay in this package.
 *
 * <p>A frame is four bytes of length and the request. Reading the classes in this order follows a request on its way:
 *
 * <ol>
 *   <li>{@link io.brokkr.core.transport.Server} listens, and gives each connection to one of a few event loops;
 *   <li>{@code FrameReader} collects frames, without more memory than the bytes that have arrived justify;
 *   <li>{@code Connection} has them served, keeps the order, and stops reading when the client is ahead of the broker;
 *   <li>{@code AnswerWriter} sends the answers, record data by reference or straight from its file.
 * </ol>
 *
 * <p>All state of a connection belongs to its event loop. {@code RequestMemory} is what the connections share: it bounds what all requests
 * together take.
 */
@NullMarked
package io.brokkr.core.transport;

import org.jspecify.annotations.NullMarked;
