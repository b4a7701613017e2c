package io.brokkr.security;

import io.brokkr.pluginhost.HostedPlugin;

/** What a plugin has made, with the plugin, into which every call goes. */
record Hosted<E>(HostedPlugin plugin, E made) {}
