package io.brokkr.protocol.generator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The command that the build of {@code io.brokkr.protocol} runs. */
public final class ProtocolGenerator {

    /** The package of the messages that clients and brokers exchange. */
    public static final String MESSAGE_PACKAGE = JavaTypes.PACKAGE + ".message";

    /** The package of the records that the group coordinator keeps. */
    public static final String COORDINATOR_PACKAGE = JavaTypes.PACKAGE + ".coordinator";

    /** The package of the records that controllers keep. */
    public static final String METADATA_PACKAGE = JavaTypes.PACKAGE + ".metadata";

    /** The controllers' records that somebody reads: what describes topics. */
    private static final Set<String> METADATA_RECORDS =
            Set.of("TopicRecord", "PartitionRecord", "PartitionChangeRecord", "ConfigRecord", "RemoveTopicRecord");

    private ProtocolGenerator() {}

    /** Whether there is a class for it: of the controllers' records, for those alone that somebody reads. */
    public static boolean isGenerated(Definition definition) {
        return definition.kind() != Definition.Kind.METADATA || METADATA_RECORDS.contains(definition.name());
    }

    /**
     * Generates the sources.
     *
     * @param arguments the folder to write to, then jars: the newest client library, the older one, the group coordinator, the controllers, and whatever
     *     the newest client library needs to load its list of errors
     * @throws IOException if a jar cannot be read or the folder cannot be written
     */
    public static void main(String... arguments) throws IOException {
        List<Path> paths = List.of(arguments).stream().map(Path::of).toList();
        if (paths.size() < 5) {
            throw new IllegalArgumentException(
                    "usage: FOLDER NEWEST_CLIENTS_JAR OLDER_CLIENTS_JAR COORDINATOR_JAR METADATA_JAR LIBRARY_JAR...");
        }
        SourceFolder folder = new SourceFolder(paths.get(0));
        List<Definition> messages = Definitions.read(paths.subList(1, 3));
        for (Definition definition : messages) {
            folder.write(new MessageEmitter(definition, MESSAGE_PACKAGE).file());
        }
        for (Definition definition : Definitions.read(paths.subList(3, 4))) {
            folder.write(new MessageEmitter(definition, COORDINATOR_PACKAGE).file());
        }
        for (Definition definition : Definitions.read(paths.subList(4, 5))) {
            if (isGenerated(definition)) {
                folder.write(new MessageEmitter(definition, METADATA_PACKAGE).file());
            }
        }
        folder.write(new ApisEmitter(messages, MESSAGE_PACKAGE).file());
        folder.write(new ErrorCodeEmitter(ErrorDefinition.read(paths.stream()
                        .skip(1)
                        .filter(path -> !path.equals(paths.get(2)))
                        .toList()))
                .file());
        folder.deleteOthers();
    }
}
