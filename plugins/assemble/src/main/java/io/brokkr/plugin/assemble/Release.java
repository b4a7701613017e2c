package io.brokkr.plugin.assemble;

import java.time.Instant;

/**
 * Which Brokkr it is.
 *
 * @param version of Brokkr
 * @param time which all files get
 * @param architecture of the Java runtime that goes with it, in Java's word for it; empty if none goes with it
 * @param description the plugins, in a line
 */
record Release(String version, Instant time, String architecture, String description) {

    /** In the word that Debian's packages and container images have for it. */
    String packageArchitecture() {
        return architecture.equals("aarch64") ? "arm64" : architecture;
    }

    /** In which an archive has everything, with a slash at its end. */
    String folder() {
        return "brokkr-" + version + "/";
    }
}
