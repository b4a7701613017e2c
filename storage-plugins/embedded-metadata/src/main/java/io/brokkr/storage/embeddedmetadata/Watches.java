package io.brokkr.storage.embeddedmetadata;

import io.brokkr.spi.storage.MetadataStore.Entry;
import io.brokkr.spi.storage.MetadataStore.Watch;
import io.brokkr.spi.storage.MetadataStore.Watcher;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Who wants to know of changes. Thread-safe; told by one thread at a time. */
final class Watches {

    /** Compared by identity: the same watcher may watch the same prefix twice. */
    private static final class Registered {

        private final String prefix;
        private final Watcher watcher;

        Registered(String prefix, Watcher watcher) {
            this.prefix = prefix;
            this.watcher = watcher;
        }
    }

    private final Collection<Registered> all = new ConcurrentLinkedQueue<>();

    Watch add(String prefix, Watcher watcher) {
        Registered registered = new Registered(prefix, watcher);
        all.add(registered);
        return () -> all.remove(registered);
    }

    void tell(String key, @Nullable Entry entry) {
        for (Registered registered : all) {
            if (key.startsWith(registered.prefix)) {
                try {
                    registered.watcher.changed(key, entry);
                } catch (RuntimeException failure) {
                    // A fault of the watcher's, and no reason to leave out the others.
                    Thread thread = Thread.currentThread();
                    thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
                }
            }
        }
    }
}
