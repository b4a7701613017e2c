package io.brokkr.core.plugin;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the plugin folders a few times a second, on a thread of its own, and has the plugins follow what is there.
 *
 * <p>By looking, since the watch service of Java takes a thread besides this one, and hears nothing of changes in folders that another machine or the host
 * of a container makes. A file counts when two looks in a row see the same of it.
 */
public final class PluginWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginWatch.class);
    private static final Duration PERIOD = Duration.ofMillis(200);

    private final PluginHost host;
    private final PluginUser user;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "brokkr-plugins");

    private PluginWatch(PluginHost host, PluginUser user) {
        this.host = host;
        this.user = user;
        thread.setDaemon(true);
    }

    /** Begins; from now on the host is used by the thread of the watch alone, until {@link #close} has returned. */
    public static PluginWatch start(PluginHost host, PluginUser user) {
        PluginWatch watch = new PluginWatch(host, user);
        watch.thread.start();
        return watch;
    }

    private void run() {
        FolderState last = host.state();
        try {
            while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                last = lookAfter(last);
            }
        } catch (InterruptedException ending) {
            LOG.debug("the plugin folders are not watched any more");
        }
    }

    private FolderState lookAfter(FolderState last) {
        FolderState now;
        try {
            now = host.look();
        } catch (RuntimeException unreadable) {
            LOG.debug("the plugin folders cannot be read now", unreadable);
            return last;
        }
        FolderState settled = now.settled(last, host.state());
        if (!settled.equals(host.state())) {
            follow(settled);
        }
        return now;
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
