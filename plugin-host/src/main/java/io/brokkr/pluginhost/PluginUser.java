package io.brokkr.pluginhost;

import java.util.Collection;
import java.util.List;

/** The part of the broker that makes use of plugins which come while it runs, and does without those that go. Called by one thread. */
public interface PluginUser {

    /**
     * Gets ready what a plugin provides, and makes no use of it yet.
     *
     * @param leaving the ids of the plugins that go if this change succeeds, its own older version among them
     * @throws RejectionException or another exception of the plugin's, if it cannot be used; then nothing of it is kept
     */
    void prepare(HostedPlugin plugin, Collection<String> leaving);

    /** From one moment to the next makes use of those that come, all of which were prepared, and no longer of those that go. */
    void exchange(List<HostedPlugin> come, List<HostedPlugin> gone);

    /** Waits, within limits, until nothing is under way any more in one that has gone, and lets go of it. */
    void end(HostedPlugin plugin);
}
