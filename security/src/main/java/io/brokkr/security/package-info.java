/**
 * Who clients are, what they may do and how much. The rules are those of plugins, by the contracts of {@link io.brokkr.spi.security}; here is what stands between them and the connections:
 *
 * <ol>
 *   <li>{@link io.brokkr.security.SecurityPlugins}: opens what the configuration names, or keeps the broker from starting.
 *   <li>{@link io.brokkr.security.Security}: what has been opened. It calls the plugins, and decides for them when they fail.
 *   <li>{@link io.brokkr.security.ConnectionSession}: how far one client has come, which requests of it are served, and how long it has to pause.
 * </ol>
 */
@NullMarked
package io.brokkr.security;

import org.jspecify.annotations.NullMarked;
