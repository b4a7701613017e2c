package io.brokkr.pluginhost;

import io.brokkr.pluginhost.FolderState.FileState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is left out and why, told once for as long as it stays so. Used by one thread at a time. */
final class Rejections {

    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private final Map<Path, Hanging> hanging = new HashMap<>();
    private List<RejectedPlugin> before = List.of();
    private List<RejectedPlugin> current = new ArrayList<>();

    private record Hanging(RejectedPlugin told, @Nullable List<FileState> jars) {}

    /** Those of the last round so far. */
    List<RejectedPlugin> all() {
        return List.copyOf(current);
    }

    /** Begins another round, in which what was found in the last one is not told again. */
    void nextRound() {
        before = current;
        current = new ArrayList<>();
    }

    void add(RejectedPlugin plugin) {
        if (!before.contains(plugin) && !current.contains(plugin)) {
            LOG.warn("{}", plugin);
        }
        current.add(plugin);
    }

    void add(PluginFile file, String reason) {
        add(new RejectedPlugin(file.getPluginId(), file.path(), reason));
    }

    /** One that failed; if it hangs, it is to be left alone until its file is another. */
    void add(PluginFile file, Throwable failure, FolderState now) {
        RejectedPlugin rejected = new RejectedPlugin(file.getPluginId(), file.path(), PluginFailure.reason(failure));
        if (failure instanceof HangingPluginException) {
            hanging.put(file.path(), new Hanging(rejected, now.plugins().get(file.path())));
        }
        add(rejected);
    }

    /** Whether it is to be left alone, and then it is left out for the same reason again. */
    boolean repeatIfHanging(Path path, FolderState now) {
        Hanging known = hanging.get(path);
        if (known == null
                || known.jars() == null
                || !known.jars().equals(now.plugins().get(path))) {
            hanging.remove(path);
            return false;
        }
        add(known.told());
        return true;
    }
}
