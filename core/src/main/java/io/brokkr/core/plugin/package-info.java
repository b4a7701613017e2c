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
 *   <li>{@link io.brokkr.core.plugin.PluginHost}: all of this; what the broker sees, with {@link io.brokkr.core.plugin.HostedPlugin}, {@link
 *       io.brokkr.core.plugin.RejectedPlugin}, and what follows.
 * </ol>
 *
 * <p>While the broker runs, its plugins follow what lies in the folders:
 *
 * <ol>
 *   <li>{@link io.brokkr.core.plugin.PluginWatch}: looks, on a thread of its own, and takes a file for whole when two looks see the same.
 *   <li>{@link io.brokkr.core.plugin.FolderState}: what one look sees.
 *   <li>{@link io.brokkr.core.plugin.PluginChange}: compares what is to run with what runs; loads, exchanges, ends.
 *   <li>{@link io.brokkr.core.plugin.PluginUser}: the broker's part in that.
 *   <li>{@link io.brokkr.core.plugin.PluginThread}: where code runs that may not come back. {@link io.brokkr.core.plugin.LeftThreads}: what does not end.
 * </ol>
 *
 * <p>A plugin that cannot work is left out with one line that says why, and the others run.
 */
@NullMarked
package io.brokkr.core.plugin;

import org.jspecify.annotations.NullMarked;
