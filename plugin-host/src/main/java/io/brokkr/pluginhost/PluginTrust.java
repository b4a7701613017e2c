package io.brokkr.pluginhost;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the operator asks of a jar before it is loaded: to be listed with its checksum, to be signed, both, or nothing. Immutable. */
final class PluginTrust {

    private final @Nullable JarChecksums checksums;
    private final @Nullable TrustedSigners signers;

    private PluginTrust(@Nullable JarChecksums checksums, @Nullable TrustedSigners signers) {
        this.checksums = checksums;
        this.signers = signers;
    }

    /** The files that say it. */
    static List<Path> files(Configuration settings) {
        String keyStore =
                settings.get(PluginSettings.REQUIRE_SIGNATURE) ? settings.get(PluginSettings.TRUSTED_KEYSTORE) : "";
        return Stream.of(settings.get(PluginSettings.CHECKSUMS), keyStore)
                .filter(file -> !file.isEmpty())
                .map(Path::of)
                .toList();
    }

    /**
     * Reads these files.
     *
     * @throws ApiException {@code INVALID_CONFIG}, if one of them cannot be read
     */
    static PluginTrust read(Configuration settings) {
        String checksums = settings.get(PluginSettings.CHECKSUMS);
        return new PluginTrust(
                checksums.isEmpty() ? null : JarChecksums.read(Path.of(checksums)),
                settings.get(PluginSettings.REQUIRE_SIGNATURE) ? signers(settings) : null);
    }

    private static TrustedSigners signers(Configuration settings) {
        String keyStore = settings.get(PluginSettings.TRUSTED_KEYSTORE);
        if (keyStore.isEmpty()) {
            throw new ApiException(
                    ErrorCode.INVALID_CONFIG,
                    PluginSettings.REQUIRE_SIGNATURE + "=true needs " + PluginSettings.TRUSTED_KEYSTORE
                            + ", a PKCS12 key store with the certificates whose signatures count");
        }
        return TrustedSigners.read(Path.of(keyStore), settings.get(PluginSettings.TRUSTED_KEYSTORE_PASSWORD));
    }

    /** Whether every jar is welcome. */
    boolean isUnconditional() {
        return checksums == null && signers == null;
    }

    /**
     * Sees to it that a jar may be loaded.
     *
     * @param name that of the jar within its plugin folder
     * @throws RejectionException that names the jar, what is wrong with it, and what to do
     */
    void require(Path jar, String name) {
        try {
            if (checksums != null) {
                checksums.require(jar, name);
            }
            if (signers != null) {
                SignedJar.require(jar, name, signers);
            }
            requireNoJarsElsewhere(jar, name);
        } catch (IOException unreadable) {
            throw new RejectionException(name + " cannot be read: " + unreadable.getMessage());
        }
    }

    /** A class loader follows a manifest's {@code Class-Path} to wherever it leads; beside the jar lie none but those that were let in with it. */
    private static void requireNoJarsElsewhere(Path path, String name) throws IOException {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            String others =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (others != null && (others.contains("/") || others.contains(":"))) {
                throw new RejectionException(name + " has a Class-Path in its manifest that leads out of its folder ("
                        + others + "), to jars that nobody would check; put them into the plugin's lib folder");
            }
        }
    }
}
