package io.brokkr.pluginhost;

import org.pf4j.DefaultVersionManager;

/**
 * Semantic versions, where a build of a version in development counts as that version: strictly, {@code 0.2.0-SNAPSHOT} comes before {@code
 * 0.2.0}, and a plugin that needs {@code >=0.2.0} could not be tried before the release.
 */
final class PluginVersions extends DefaultVersionManager {

    private static final String IN_DEVELOPMENT = "-SNAPSHOT";

    @Override
    public boolean checkVersionConstraint(String version, String constraint) {
        return super.checkVersionConstraint(released(version), constraint);
    }

    @Override
    public int compareVersions(String left, String right) {
        return super.compareVersions(released(left), released(right));
    }

    private static String released(String version) {
        return version.endsWith(IN_DEVELOPMENT)
                ? version.substring(0, version.length() - IN_DEVELOPMENT.length())
                : version;
    }
}
