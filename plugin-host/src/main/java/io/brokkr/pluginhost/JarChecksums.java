package io.brokkr.pluginhost;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which jars may be loaded, by their SHA-256. Immutable.
 *
 * <p>The file has lines as {@code sha256sum} writes them, 64 hexadecimal digits, a blank, a blank or a star, and a name; lines that are empty or begin with {@code #} are passed over. A name
 * is that of a jar within its plugin folder, {@code groups.jar} or {@code compression/lib/zstd-jni.jar}. It may stand there several times, and then any of its sums will do.
 */
final class JarChecksums {

    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64}) [ *](?:\\./)?(.+)");

    private final Path file;
    private final Map<String, Set<String>> byName = new HashMap<>();

    private JarChecksums(Path file) {
        this.file = file;
    }

    /**
     * Reads the file.
     *
     * @throws ApiException {@code INVALID_CONFIG}, if it cannot be read
     */
    static JarChecksums read(Path file) {
        JarChecksums checksums = new JarChecksums(file);
        try {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    checksums.add(line, number);
                }
            }
            return checksums;
        } catch (IOException unreadable) {
            throw checksums.problem("it cannot be read: " + unreadable);
        }
    }

    private void add(String line, int number) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw problem("line " + number
                    + " is not as sha256sum writes them: 64 hexadecimal digits, two blanks, and the name of a jar");
        }
        byName.computeIfAbsent(parts.group(2), first -> new TreeSet<>())
                .add(parts.group(1).toLowerCase(Locale.ROOT));
    }

    private ApiException problem(String what) {
        return new ApiException(ErrorCode.INVALID_CONFIG, PluginSettings.CHECKSUMS + "=" + file + ": " + what);
    }

    /**
     * Sees to it that a jar may be loaded.
     *
     * @param name as this file would name it
     * @throws RejectionException if it may not
     */
    void require(Path jar, String name) throws IOException {
        String sum = sumOf(jar);
        Set<String> allowed = byName.get(name);
        if (allowed == null) {
            throw new RejectionException(
                    name + " is not listed in " + file + "; if it is to be loaded, add the line: " + sum + "  " + name);
        }
        if (!allowed.contains(sum)) {
            throw new RejectionException(
                    name + " has the SHA-256 " + sum + ", and " + file + " lists " + String.join(" and ", allowed)
                            + "; get the jar anew, or correct the list if this is the right one");
        }
    }

    private static String sumOf(Path jar) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream bytes = new DigestInputStream(Files.newInputStream(jar), digest)) {
                bytes.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
