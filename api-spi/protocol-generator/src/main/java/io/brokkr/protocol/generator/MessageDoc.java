package io.brokkr.protocol.generator;

/** Says in words what the definition says about a message. */
final class MessageDoc {

    private MessageDoc() {}

    static String of(Definition definition) {
        VersionRange flexible = definition.flexibleVersions().intersect(definition.versions());
        return what(definition) + "\n\n<p>Versions " + definition.versions() + ", "
                + (flexible.isEmpty() ? "none of them flexible" : "flexible in " + flexible)
                + (definition.versions().equals(definition.stableVersions())
                        ? ""
                        : ", stable in " + definition.stableVersions())
                + ".\n";
    }

    private static String what(Definition definition) {
        return switch (definition.kind()) {
            case REQUEST -> "The request of the API " + definition.apiName() + ", key " + definition.key() + ".";
            case RESPONSE -> "The response of the API " + definition.apiName() + ", key " + definition.key() + ".";
            case HEADER ->
                "What stands before every " + (definition.name().startsWith("Request") ? "request." : "response.");
            case DATA -> "The message {@code " + definition.name() + "}, which travels inside of others.";
            case COORDINATOR_KEY -> "The key of the group coordinator's records of type " + definition.key() + ".";
            case COORDINATOR_VALUE -> "The value of the group coordinator's records of type " + definition.key() + ".";
            case METADATA -> "The controllers' records of type " + definition.key() + ".";
        };
    }
}
