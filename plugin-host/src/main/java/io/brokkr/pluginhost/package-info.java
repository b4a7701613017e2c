/**
 * The host of the plugins: finds jars, decides which of them can work together, gives each its own place to load classes from, and finds what
 * they provide. PF4J resolves, orders, starts and stops; none of its types leaves this package.
 *
 * <ol>
 *   <li>{@link io.brokkr.pluginhost.PluginFolders}: which files are plugins.
 *   <li>{@link io.brokkr.pluginhost.PluginAdmission}: which of them the operator trusts, by {@link io.brokkr.pluginhost.JarChecksums}, or by who has signed a {@link
 *       io.brokkr.pluginhost.SignedJar}.
 *   <li>{@link io.brokkr.pluginhost.PluginFile}: what the manifest of one says.
 *   <li>{@link io.brokkr.pluginhost.PluginSelection}: which of them fit together, in the order of their dependencies.
 *   <li>{@link io.brokkr.pluginhost.PluginSpaces}: a module layer for a jar with a module descriptor, a class loader for any other.
 *   <li>{@link io.brokkr.pluginhost.ExtensionsPlugin}: finds the extensions with {@link java.util.ServiceLoader}.
 *   <li>{@link io.brokkr.pluginhost.PluginHost}: all of this; what the broker sees, with {@link io.brokkr.pluginhost.HostedPlugin}, {@link
 *       io.brokkr.pluginhost.RejectedPlugin}, and what follows.
 * </ol>
 *
 * <p>While the broker runs, its plugins follow what lies in the folders:
 *
 * <ol>
 *   <li>{@link io.brokkr.pluginhost.PluginWatch}: looks, on a thread of its own, and takes a file for whole when two looks see the same.
 *   <li>{@link io.brokkr.pluginhost.FolderState}: what one look sees.
 *   <li>{@link io.brokkr.pluginhost.PluginChange}: compares what is to run with what runs; loads, exchanges, ends.
 *   <li>{@link io.brokkr.pluginhost.PluginUser}: the broker's part in that.
 *   <li>{@link io.brokkr.pluginhost.PluginScheduler}: what a plugin does later or again, which ends with it. {@link io.brokkr.pluginhost.PluginMetrics}: what it shows, too.
 *   <li>{@link io.brokkr.pluginhost.PluginThread}: where code runs that may not come back. {@link io.brokkr.pluginhost.LeftThreads}: what does not end.
 * </ol>
 *
 * <p>Requests are counted by the broker's registry of APIs. Calls that it does not see, those of record interceptors, go through a {@link io.brokkr.pluginhost.PluginGate}: {@link
 * io.brokkr.pluginhost.PluginInterceptors} are what one plugin has made, {@link io.brokkr.pluginhost.Interceptors} all of them; an {@link io.brokkr.pluginhost.InterceptorChain} is what
 * they have for one topic, and an {@link io.brokkr.pluginhost.Interception} the place in a partition where that works until another takes over. A {@link io.brokkr.pluginhost.CallWatch} tells of
 * plugins that do not give back the thread on which they are called.
 *
 * <p>A plugin that cannot work is left out with one line that says why, and the others run.
 */
@NullMarked
package io.brokkr.pluginhost;

import org.jspecify.annotations.NullMarked;
