package io.brokkr.pluginhost;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/** A jar whose signatures are looked at. Used once. */
final class SignedJar {

    /** What cannot be signed, since signatures consist of it. */
    private static final Pattern OF_SIGNATURES =
            Pattern.compile("META-INF/(MANIFEST\\.MF|[^/]+\\.(SF|RSA|DSA|EC))", Pattern.CASE_INSENSITIVE);

    private final JarFile jar;
    private final String name;
    private final TrustedSigners trusted;
    private final Map<List<CodeSigner>, Optional<String>> verdicts = new HashMap<>();

    private SignedJar(JarFile jar, String name, TrustedSigners trusted) {
        this.jar = jar;
        this.name = name;
        this.trusted = trusted;
    }

    /**
     * Sees to it that all that is in a jar was signed by somebody who is trusted, and is still as it was signed.
     *
     * @param name for messages
     * @throws RejectionException if not
     */
    static void require(Path path, String name, TrustedSigners trusted) throws IOException {
        try (JarFile jar = new JarFile(path.toFile(), true)) {
            new SignedJar(jar, name, trusted).require();
        } catch (SecurityException changed) {
            throw changed(name, String.valueOf(changed.getMessage()));
        }
    }

    private static RejectionException changed(String name, String what) {
        return new RejectionException(name + " is not as it was signed: " + what + "; get it anew from its maker");
    }

    private void require() throws IOException {
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (!OF_SIGNATURES.matcher(entry.getName()).matches()) {
                require(entry);
            }
        }
        if (verdicts.isEmpty()) {
            throw unsigned();
        }
        requireNothingMissing();
    }

    /** Java tells who has signed an entry when the entry was read to its end. */
    private void require(JarEntry entry) throws IOException {
        long bytes;
        try (InputStream content = jar.getInputStream(entry)) {
            bytes = content.transferTo(OutputStream.nullOutputStream());
        }
        CodeSigner[] signers = entry.getCodeSigners();
        if (signers == null) {
            // Folders have nothing that could be signed.
            if (!entry.isDirectory() || bytes > 0) {
                throw unsigned(entry);
            }
            return;
        }
        Optional<String> fault = verdicts.computeIfAbsent(List.of(signers), this::faultOf);
        if (fault.isPresent()) {
            throw new RejectionException(name + " " + fault.get());
        }
    }

    /** One signer who is trusted is enough; else what is wrong with the first. */
    private Optional<String> faultOf(List<CodeSigner> signers) {
        List<Optional<String>> faults = signers.stream()
                .map(signer -> Optional.ofNullable(trusted.faultOf(signer)))
                .toList();
        return faults.stream().anyMatch(Optional::isEmpty) ? Optional.empty() : faults.get(0);
    }

    private RejectionException unsigned(JarEntry entry) {
        boolean signedInPart = jar.stream()
                .anyMatch(other -> other.getName().toUpperCase(Locale.ROOT).endsWith(".SF"));
        return signedInPart
                ? new RejectionException(
                        name + " has no signature of " + entry.getName()
                                + " that this Java accepts, as if it had been put in later; have the whole jar signed anew with jarsigner")
                : unsigned();
    }

    private RejectionException unsigned() {
        return new RejectionException(name + " is not signed; sign it with jarsigner, by a certificate that "
                + trusted.keyStore() + " trusts, or set " + PluginSettings.REQUIRE_SIGNATURE + "=false");
    }

    /** Java does not mind if an entry that was signed has gone since. */
    private void requireNothingMissing() throws IOException {
        Manifest manifest = jar.getManifest();
        manifest.getEntries().forEach((entry, attributes) -> {
            boolean signed = attributes.keySet().stream()
                    .anyMatch(attribute -> attribute.toString().endsWith("-Digest"));
            if (signed && jar.getEntry(entry) == null) {
                throw changed(name, entry + " is missing");
            }
        });
    }
}
