package io.brokkr.pluginhost;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pf4j.PluginDependency;
import org.pf4j.PluginWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One change of what lies in the plugin folders: what is to run is what a start would load now. What comes is got ready beside what runs, then both change
 * places, and then what goes is ended. Used once, by one thread.
 *
 * <p>What supplies something that is opened when the broker starts stays until its next start, and so does whatever it depends on.
 */
final class PluginChange {

    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private final LayeredPluginManager manager;
    private final PluginAdmission admission;
    private final Rejections rejections;
    private final List<RunningPlugin> running;
    private final FolderState now;
    private final Map<String, RunningPlugin> fixed = new HashMap<>();
    private final List<RunningPlugin> outdated = new ArrayList<>();
    private final List<RunningPlugin> distrusted = new ArrayList<>();
    private final List<RunningPlugin> come = new ArrayList<>();
    /** Those that cannot be loaded since another plugin could not, with what to say of it. */
    private final IdentityHashMap<PluginFile, String> orphans = new IdentityHashMap<>();

    /**
     * A change that has not begun.
     *
     * @param running in the order of their dependencies
     * @param now what the folders hold
     */
    PluginChange(
            LayeredPluginManager manager,
            PluginAdmission admission,
            Rejections rejections,
            List<RunningPlugin> running,
            FolderState now) {
        this.manager = manager;
        this.admission = admission;
        this.rejections = rejections;
        this.running = List.copyOf(running);
        this.now = now;
        for (int i = running.size() - 1; i >= 0; i--) {
            RunningPlugin plugin = running.get(i);
            if (!ExtensionKind.describeFixed(plugin.hosted()).isEmpty()
                    || fixed.values().stream().anyMatch(above -> above.needs(plugin))) {
                fixed.put(plugin.id(), plugin);
            }
        }
    }

    /** Does all of it, and returns what runs then, in the order of their dependencies. */
    List<RunningPlugin> carryOut(PluginUser user) {
        List<PluginFile> wanted = select();
        findOutdated(wanted);
        Set<PluginFile> staying = identities(
                running.stream().filter(plugin -> !outdated.contains(plugin)).toList());
        outdated.forEach(plugin -> manager.setAside(plugin.wrapper()));
        wanted.stream().filter(file -> !staying.contains(file)).forEach(file -> load(file, user));
        List<RunningPlugin> gone = gone();
        List<RunningPlugin> next = new ArrayList<>(running);
        next.removeAll(gone);
        next.addAll(come);
        tellOrphans(identities(next));
        if (!come.isEmpty() || !gone.isEmpty()) {
            user.exchange(hosted(come), hosted(gone));
            tell(gone);
            gone.forEach(plugin -> end(plugin, user));
        }
        return next;
    }

    /** What a start would load, where those that run come first, so that of two with the same version the one that runs is kept. */
    private List<PluginFile> select() {
        PluginSelection selection = manager.select();
        Set<Path> seen = new HashSet<>();
        for (RunningPlugin plugin : running) {
            if (fixed.containsKey(plugin.id()) || plugin.isUnchangedIn(now)) {
                seen.add(plugin.file().path());
                if (isStillTrusted(plugin)) {
                    selection.add(plugin.file());
                    tellIfFixed(plugin);
                }
            }
        }
        for (Path path : now.plugins().keySet()) {
            if (!seen.contains(path) && !rejections.repeatIfHanging(path, now)) {
                selection.read(path).ifPresent(file -> addNew(file, selection));
            }
        }
        return selection.resolve();
    }

    /** What is opened at the start stays until the next one, whoever is trusted by then. */
    private boolean isStillTrusted(RunningPlugin plugin) {
        String fault = admission.faultOf(plugin.file());
        if (fault == null) {
            return true;
        }
        if (fixed.containsKey(plugin.id())) {
            LOG.warn(
                    "{}; the plugin {} stays until the broker's next start all the same, since it supplies {}",
                    fault,
                    plugin.hosted(),
                    supplies(plugin));
            return true;
        }
        rejections.add(plugin.file(), fault);
        distrusted.add(plugin);
        return false;
    }

    private void addNew(PluginFile file, PluginSelection selection) {
        RunningPlugin twin = fixed.get(file.getPluginId());
        if (twin == null) {
            selection.add(file);
        } else {
            rejections.add(file, "what supplies " + supplies(twin) + " is replaced at the broker's next start");
        }
    }

    private void tellIfFixed(RunningPlugin plugin) {
        if (!plugin.isUnchangedIn(now)) {
            LOG.warn(
                    "{} has changed or is gone; the plugin {} stays as it is until the broker's next start, since it supplies {}",
                    plugin.file().path(),
                    plugin.hosted(),
                    supplies(plugin));
        }
    }

    private static String supplies(RunningPlugin plugin) {
        List<String> own = ExtensionKind.describeFixed(plugin.hosted());
        return own.isEmpty()
                ? "what others depend on that are used from the start on"
                : "the " + String.join(", the ", own);
    }

    private void findOutdated(List<PluginFile> wanted) {
        Set<PluginFile> files = Collections.newSetFromMap(new IdentityHashMap<>());
        files.addAll(wanted);
        for (RunningPlugin plugin : running) {
            boolean belowChanges = outdated.stream().anyMatch(plugin::needs);
            if (!fixed.containsKey(plugin.id()) && (belowChanges || !files.contains(plugin.file()))) {
                outdated.add(plugin);
            }
        }
    }

    private static Set<PluginFile> identities(List<RunningPlugin> plugins) {
        Set<PluginFile> files = Collections.newSetFromMap(new IdentityHashMap<>());
        plugins.forEach(plugin -> files.add(plugin.file()));
        return files;
    }

    private void load(PluginFile file, PluginUser user) {
        Optional<PluginDependency> missing = file.getDependencies().stream()
                .filter(dependency -> manager.getPlugin(dependency.getPluginId()) == null)
                .findFirst();
        if (missing.isPresent()) {
            orphans.put(file, "it needs the plugin " + missing.get().getPluginId() + ", which is left out");
            return;
        }
        PluginWrapper wrapper = null;
        try {
            wrapper = manager.load(file);
            HostedPlugin hosted = manager.startBounded(wrapper, PluginThread.WHILE_RUNNING);
            List<String> opened = ExtensionKind.describeFixed(hosted);
            if (!opened.isEmpty()) {
                throw new RejectionException(
                        "it supplies the " + String.join(", the ", opened) + ": start the broker again to use it");
            }
            user.prepare(hosted, outdated.stream().map(RunningPlugin::id).toList());
            come.add(new RunningPlugin(hosted, wrapper, now.plugins().getOrDefault(file.path(), List.of())));
        } catch (RuntimeException | LinkageError failure) {
            LOG.debug("plugin {} failed", file.getPluginId(), failure);
            rejections.add(file, failure, now);
            if (wrapper != null) {
                manager.setAside(wrapper);
                manager.end(wrapper);
            }
        }
    }

    /** Those that are replaced or not wanted; the last first. One whose file is as it was stays, if what was to replace it, or what it depends on, has failed, and it is trusted. */
    private List<RunningPlugin> gone() {
        List<RunningPlugin> gone = new ArrayList<>();
        for (RunningPlugin old : outdated) {
            boolean replaced = come.stream().anyMatch(plugin -> plugin.id().equals(old.id()));
            boolean sound = old.isUnchangedIn(now) && !distrusted.contains(old);
            if (!replaced && sound && gone.stream().noneMatch(old::needs)) {
                manager.takeBack(old.wrapper());
            } else {
                gone.add(old);
            }
        }
        Collections.reverse(gone);
        return gone;
    }

    private void tellOrphans(Set<PluginFile> working) {
        orphans.forEach((file, reason) -> {
            if (!working.contains(file)) {
                rejections.add(file, reason);
            }
        });
    }

    private void tell(List<RunningPlugin> gone) {
        for (RunningPlugin plugin : come) {
            String place = gone.stream()
                    .filter(old -> old.id().equals(plugin.id()))
                    .map(old -> " in the place of " + old.hosted().version())
                    .collect(Collectors.joining());
            LOG.info(
                    "plugin {} has come{}: {}",
                    plugin.hosted(),
                    place,
                    String.join(", ", plugin.hosted().descriptions()));
        }
        List<String> withoutHeir = gone.stream()
                .filter(old -> come.stream().noneMatch(plugin -> plugin.id().equals(old.id())))
                .map(old -> old.hosted().toString())
                .toList();
        if (!withoutHeir.isEmpty()) {
            LOG.info("plugins that go: {}", String.join(", ", withoutHeir));
        }
    }

    private void end(RunningPlugin plugin, PluginUser user) {
        user.end(plugin.hosted());
        manager.end(plugin.wrapper());
        LeftThreads.interrupt(plugin.hosted());
    }

    private static List<HostedPlugin> hosted(List<RunningPlugin> plugins) {
        return plugins.stream().map(RunningPlugin::hosted).toList();
    }
}
