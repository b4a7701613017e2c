package io.brokkr.pluginhost;

import org.jspecify.annotations.Nullable;

/**
 * Where a plugin's classes live.
 *
 * @param loader the class loader of all of them
 * @param layer the layer of the plugin's modules; null if it is no module
 */
record PluginSpace(PluginFile file, PluginClassLoader loader, @Nullable ModuleLayer layer) {}
