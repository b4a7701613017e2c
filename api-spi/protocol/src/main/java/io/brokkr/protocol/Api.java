package io.brokkr.protocol;

/**
 * One API of the protocol: its number, its name, and which of its versions somebody serves.
 *
 * <p>Every generated request class has a constant {@code API} that covers all stable versions of the definitions; a handler that serves
 * fewer narrows it with {@link #versions}. An API that is in nobody's definitions is written with the constructor.
 *
 * @param key the number in the request header
 * @param name the API's name as the Kafka protocol has it, for example {@code Produce}
 * @param lowestVersion the lowest version that is served
 * @param highestVersion the highest version that is served
 * @param firstFlexibleVersion the first version with compact and tagged fields (KIP-482), {@link Integer#MAX_VALUE} if there is none
 * @param headers which header versions go with a version of the body
 * @param decoder reads the body of a request
 * @param <Q> the request's class
 */
public record Api<Q extends Message>(
        int key,
        String name,
        int lowestVersion,
        int highestVersion,
        int firstFlexibleVersion,
        Headers headers,
        Decoder<Q> decoder) {

    /** Which header versions go with the versions of an API's body. */
    public enum Headers {
        /** Request header 1 and response header 0; from the first flexible version on 2 and 1. All APIs but two. */
        REGULAR,
        /** As regular, but the response header stays at 0 for ever, so that any client can read it (KIP-511): ApiVersions. */
        RESPONSE_ALWAYS_0,
        /** As regular, but version 0 has a request header 0, which ends before the client id: ControlledShutdown. */
        REQUEST_0_AT_VERSION_0
    }

    /** Reads a message of one class at a version. */
    @FunctionalInterface
    public interface Decoder<Q extends Message> {
        /**
         * Reads one message and leaves the reader behind its last byte.
         *
         * @throws InvalidMessageException if the bytes are not such a message
         * @throws UnsupportedVersionException if the message has no such version
         */
        Q read(MessageReader reader, int version);
    }

    /** Refuses ranges that are empty or negative. */
    public Api {
        if (lowestVersion < 0 || highestVersion < lowestVersion) {
            throw new IllegalArgumentException(
                    name + " cannot serve the versions " + lowestVersion + " to " + highestVersion);
        }
    }

    /**
     * The same API, serving a part of the versions.
     *
     * @throws IllegalArgumentException if this one does not serve all of them
     */
    public Api<Q> versions(int lowest, int highest) {
        if (lowest < lowestVersion || highest > highestVersion) {
            throw new IllegalArgumentException(name + " has the versions " + lowestVersion + " to " + highestVersion
                    + ", not " + lowest + " to " + highest);
        }
        return new Api<>(key, name, lowest, highest, firstFlexibleVersion, headers, decoder);
    }

    /** Whether a version is served. */
    public boolean serves(int version) {
        return version >= lowestVersion && version <= highestVersion;
    }

    /** The version of the request header before a body of this version; answers for any version, served or not. */
    public int requestHeaderVersion(int version) {
        if (version >= firstFlexibleVersion) {
            return 2;
        }
        return headers == Headers.REQUEST_0_AT_VERSION_0 && version == 0 ? 0 : 1;
    }

    /** The version of the response header before a body of this version; answers for any version, served or not. */
    public int responseHeaderVersion(int version) {
        return version >= firstFlexibleVersion && headers != Headers.RESPONSE_ALWAYS_0 ? 1 : 0;
    }
}
