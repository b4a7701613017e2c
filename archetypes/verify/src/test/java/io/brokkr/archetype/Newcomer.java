package io.brokkr.archetype;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who has installed Brokkr in a home that is not the one of whoever runs this build. Maven finds there, besides Brokkr, what this build has fetched already, and fetches the
 * rest from where it always does.
 */
final class Newcomer {

    private static final Path HOME = Path.of(System.getProperty("home.folder"));
    private static final long MINUTES = 10;

    private static final String SETTINGS =
            """
            <settings>
              <profiles>
                <profile>
                  <id>known</id>
                  <activation><activeByDefault>true</activeByDefault></activation>
                  <repositories>
                    <repository>
                      <id>known</id><url>%1$s</url>
                      <releases><checksumPolicy>ignore</checksumPolicy></releases>
                      <snapshots><enabled>false</enabled></snapshots>
                    </repository>
                  </repositories>
                  <pluginRepositories>
                    <pluginRepository>
                      <id>known</id><url>%1$s</url>
                      <releases><checksumPolicy>ignore</checksumPolicy></releases>
                      <snapshots><enabled>false</enabled></snapshots>
                    </pluginRepository>
                  </pluginRepositories>
                </profile>
              </profiles>
            </settings>
            """;

    private final Path folder;

    private Newcomer(Path folder) {
        this.folder = folder;
    }

    /** One who types in a folder, where a broker of their own is. */
    static Newcomer in(Path folder) throws IOException, InterruptedException {
        String known = Path.of(System.getProperty("known.artifacts")).toUri().toString();
        Files.writeString(HOME.resolve(".m2/settings.xml"), SETTINGS.formatted(known));
        Newcomer newcomer = new Newcomer(folder);
        newcomer.type("cp -a '" + Path.of(System.getProperty("brokkr.folder")).toRealPath() + "' $BROKKR");
        return newcomer;
    }

    /**
     * Types lines until one of them fails.
     *
     * @return what they print
     * @throws AssertionError with what they print, if one fails or the time is over
     */
    String type(String lines) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(List.of("bash", "-e", "-c", lines))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("HOME", HOME.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("BROKKR", folder.resolve("brokkr").toString());
        environment.put(
                "PATH",
                Path.of(System.getProperty("maven.folder"), "bin") + File.pathSeparator + environment.get("PATH"));
        environment.merge("MAVEN_OPTS", "-Duser.home=" + HOME, (given, ours) -> given + " " + ours);
        Process shell = builder.start();
        try {
            if (!shell.waitFor(MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("not done within " + MINUTES + " minutes:\n" + Files.readString(output));
            }
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
        String printed = Files.readString(output);
        if (shell.exitValue() != 0) {
            throw new AssertionError("ends with " + shell.exitValue() + ":\n" + lines + "\n" + printed);
        }
        return printed;
    }
}
