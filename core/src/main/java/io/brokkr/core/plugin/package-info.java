/**
 * The host of the plugins: finds jars, decides which of them can work together, gives each its own place to load classes from, and finds what
 * they provide. PF4J resolves, orders, starts and stops; none of its types leaves this package.
 *
 * <ol>
 *   <li>{@link io.brokkr.core.plugin.PluginFolders}: which files are plugins.
 *   <li>{@link io.brokkr.core.plugin.PluginFile}: what the manifest of one says.
 *   <li>{@link io.brokkr.core.plugin.PluginSelection}: which of them fit together, in the order of their dependencies.
 *   <li>{@link io.brokkr.core.plugin.PluginSpaces}: a module layer for a jar with a module descriptor, a class loader for any other.
 *   <li>{@link io.brokkr.core.plugin.ExtensionsPlugin}: finds the extensions with {@link java.util.ServiceLoader}.
 *   <li>{@link io.brokkr.core.plugin.PluginHost}: all of this; the only class that the broker sees, with {@link
 *       io.brokkr.core.plugin.HostedPlugin} and {@link io.brokkr.core.plugin.RejectedPlugin}.
 * </ol>
 *
 * <p>A plugin that cannot work is left out with one line that says why, and the others run.
 */
@NullMarked
package io.brokkr.core.plugin;

import org.jspecify.annotations.NullMarked;
