/**
 * From the bytes of a request to the handler that serves it, and from what the handler answers to a message that can be written.
 *
 * <p>{@link io.brokkr.core.dispatch.ApiRegistry} knows who serves which API; {@link io.brokkr.core.dispatch.Dispatcher} reads a request,
 * calls the handler, and turns the outcome, failures too, into one {@link io.brokkr.core.dispatch.Answer}. Where hooks stand around an API, {@link io.brokkr.core.dispatch.HookStep} leads the request through them. Nothing here knows a socket: the
 * transport hands in the bytes and brings the answers of a connection into the order of its requests.
 */
@NullMarked
package io.brokkr.core.dispatch;

import org.jspecify.annotations.NullMarked;
