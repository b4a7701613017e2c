/**
 * The first thing that a client asks of a broker: which APIs there are, and in which versions (KIP-35, KIP-511).
 *
 * <p>{@link io.brokkr.plugin.apiversions.ApiVersionsHandler} answers from the broker's registry of handlers and from nothing else, so what it tells is what is
 * served: a plugin that comes or goes changes the next answer.
 */
@NullMarked
package io.brokkr.plugin.apiversions;

import org.jspecify.annotations.NullMarked;
