package io.brokkr.pluginhost;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the plugin folders every 0.4 s, on a thread of its own, and has the plugins follow what is there.
 *
 * <p>By looking, since the watch service of Java takes a thread besides this one, and hears nothing of changes in folders that another machine or the host
 * of a container makes. A file counts when two looks in a row see the same of it.
 */
public final class PluginWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginWatch.class);
    /** How often the folders' own times are looked at, which change when a file comes, goes or is renamed. */
    private static final Duration PERIOD = Duration.ofMillis(400);
    /** Every file is looked at that often, since one that is written over changes no folder. It costs more. */
    private static final int PERIODS_BETWEEN_LOOKS = 12;

    private static final Duration SETTLING = Duration.ofMillis(100);

    private final PluginHost host;
    private final PluginUser user;
    private final CountDownLatch closed = new CountDownLatch(1);
    private FolderState last;
    private final Thread thread = new Thread(this::run, "brokkr-plugins");

    private PluginWatch(PluginHost host, PluginUser user) {
        this.host = host;
        this.user = user;
        this.last = host.state();
        thread.setDaemon(true);
    }

    /** Begins; from now on the host is used by the thread of the watch alone, until {@link #close} has returned. */
    public static PluginWatch start(PluginHost host, PluginUser user) {
        PluginWatch watch = new PluginWatch(host, user);
        watch.thread.start();
        return watch;
    }

    private void run() {
        List<Long> times = List.of();
        boolean settling = false;
        int periods = 0;
        try {
            while (!closed.await((settling ? SETTLING : PERIOD).toMillis(), TimeUnit.MILLISECONDS)) {
                List<Long> before = times;
                times = host.folderTimes();
                periods++;
                if (settling || !times.equals(before) || periods == PERIODS_BETWEEN_LOOKS) {
                    periods = 0;
                    settling = look();
                }
            }
        } catch (InterruptedException ending) {
            LOG.debug("the plugin folders are not watched any more");
        }
    }

    /** Looks at every file, and returns whether any differs from the look before. */
    private boolean look() {
        FolderState now;
        try {
            now = host.look();
        } catch (RuntimeException unreadable) {
            LOG.debug("the plugin folders cannot be read now", unreadable);
            return false;
        }
        FolderState settled = now.settled(last, host.state());
        if (!settled.equals(host.state())) {
            follow(settled);
        }
        boolean changed = !now.equals(last);
        last = now;
        return changed;
    }

    private void follow(FolderState settled) {
        try {
            host.follow(settled, user);
        } catch (RuntimeException | LinkageError bug) {
            LOG.error("the change in the plugin folders cannot be followed", bug);
        }
    }

    /** Ends; a change that is under way is finished first. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
