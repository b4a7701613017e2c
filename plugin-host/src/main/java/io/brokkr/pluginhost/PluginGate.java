package io.brokkr.pluginhost;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The way into a plugin for calls that no registry counts; closed when the plugin goes. Thread-safe. */
public final class PluginGate {

    private final HostedPlugin plugin;
    private final ReadWriteLock calls = new ReentrantReadWriteLock();
    private boolean closed;

    /** An open one. */
    public PluginGate(HostedPlugin plugin) {
        this.plugin = plugin;
    }

    /** Calls into the plugin with its class loader as the thread's, unless the gate is closed; never waits. Gives whether the call was made. */
    public boolean pass(Runnable call) {
        // Not lock(), which would stand behind a close() that waits for calls that take long.
        if (!calls.readLock().tryLock()) {
            return false;
        }
        try {
            if (closed) {
                return false;
            }
            plugin.run(call);
            return true;
        } finally {
            calls.readLock().unlock();
        }
    }

    /** Lets no call in any more, and returns when those that are inside have come back. */
    public void close() {
        calls.writeLock().lock();
        try {
            closed = true;
        } finally {
            calls.writeLock().unlock();
        }
    }

    /** The plugin behind it. */
    @Override
    public String toString() {
        return "the plugin " + plugin;
    }
}
