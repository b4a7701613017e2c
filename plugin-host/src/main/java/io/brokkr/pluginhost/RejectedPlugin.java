package io.brokkr.pluginhost;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A plugin that was left out.
 *
 * @param id as its manifest says; null where there is none
 * @param path the jar or the folder; null of an extension that was given as an object
 * @param reason a sentence for the operator
 */
public record RejectedPlugin(@Nullable String id, @Nullable Path path, String reason) {

    /** How messages name it. */
    public String name() {
        if (id == null) {
            return String.valueOf(path);
        }
        return path == null ? id : id + " (" + path + ")";
    }

    @Override
    public String toString() {
        return "plugin " + name() + " is left out: " + reason;
    }
}
