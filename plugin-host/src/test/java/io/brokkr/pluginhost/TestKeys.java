package io.brokkr.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** Keys with certificates, as keytool makes them, in one key store; key stores with certificates alone; and jars that are signed. */
final class TestKeys {

    static final String PASSWORD = "swordfish";

    private final Path folder;
    private final Path keys;

    TestKeys(Path folder) {
        this.folder = folder;
        this.keys = folder.resolve("keys.p12");
    }

    /**
     * Makes a key with a certificate that is valid for a year from now on, if nothing else is said.
     *
     * @param options further ones of {@code keytool -genkeypair}: {@code -signer}, {@code -startdate}, {@code -ext}
     */
    TestKeys add(String name, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", name));
        command.addAll(List.of("-dname", "CN=" + name, "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return this;
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(keys)) {
            store.load(stream, PASSWORD.toCharArray());
        }
        return store;
    }

    /** A key store with the certificates of some of the keys. */
    Path certificates(String... names) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (String name : names) {
            store.setCertificateEntry(name, load().getCertificate(name));
        }
        Path file = folder.resolve("trusted-" + String.join("-", names) + ".p12");
        try (OutputStream stream = Files.newOutputStream(file)) {
            store.store(stream, PASSWORD.toCharArray());
        }
        return file;
    }

    /** Those who are trusted by that. */
    TrustedSigners trusted(String... names) throws IOException, GeneralSecurityException {
        return TrustedSigners.read(certificates(names), PASSWORD);
    }

    /** Signs a jar, which may be signed by others already, in its place. */
    void sign(Path jar, String name) throws IOException, GeneralSecurityException {
        KeyStore.PrivateKeyEntry key = (KeyStore.PrivateKeyEntry)
                load().getEntry(name, new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
        Path signed = jar.resolveSibling(jar.getFileName() + ".signed");
        try (ZipFile source = new ZipFile(jar.toFile());
                OutputStream target = Files.newOutputStream(signed)) {
            new JarSigner.Builder(key).signerName(name).build().sign(source, target);
        }
        Files.move(signed, jar, StandardCopyOption.REPLACE_EXISTING);
    }
}
