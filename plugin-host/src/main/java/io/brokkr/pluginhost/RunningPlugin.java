package io.brokkr.pluginhost;

import io.brokkr.pluginhost.FolderState.FileState;
import java.util.List;
import org.pf4j.PluginWrapper;

/**
 * A plugin from a plugin folder, with what PF4J knows of it.
 *
 * @param jars what they looked like when it was loaded
 */
record RunningPlugin(HostedPlugin hosted, PluginWrapper wrapper, List<FileState> jars) {

    PluginFile file() {
        return (PluginFile) wrapper.getDescriptor();
    }

    String id() {
        return hosted.id();
    }

    boolean needs(RunningPlugin other) {
        return file().getDependencies().stream()
                .anyMatch(dependency -> dependency.getPluginId().equals(other.id()));
    }

    /** Whether it lies in the folders as it was loaded. */
    boolean isUnchangedIn(FolderState state) {
        return jars.equals(state.plugins().get(file().path()));
    }
}
