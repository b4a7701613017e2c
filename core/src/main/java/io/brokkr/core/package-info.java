/**
 * The broker, put together: {@link io.brokkr.core.BrokerBuilder} starts a {@link io.brokkr.core.Broker}.
 *
 * <p>This is the only package that the module exports, for those who run a broker inside of their own process. What a broker consists of lies in the
 * packages beside it:
 *
 * <ol>
 *   <li>{@code transport}: sockets, frames, back pressure; all that knows Netty.
 *   <li>{@code dispatch}: from a request's bytes to the handler that serves it.
 *   <li>{@code plugin}: finds and loads the plugins; all that knows PF4J.
 *   <li>{@code topic}, {@code partition}: what handlers work with, above the storage engines.
 *   <li>{@code configuration}, {@code metrics}, {@code schedule}: what everybody uses.
 * </ol>
 */
@NullMarked
package io.brokkr.core;

import org.jspecify.annotations.NullMarked;
