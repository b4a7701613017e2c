package io.brokkr.core.topic;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;

/** Kafka's rules for the names of topics. */
final class TopicNames {

    /** A folder {@code name-partition} must stay within the 255 bytes that file systems allow. */
    private static final int MAX_LENGTH = 249;

    private TopicNames() {}

    /**
     * Refuses a name that is not legal.
     *
     * @throws ApiException {@code INVALID_TOPIC_EXCEPTION}
     */
    static void check(String name) {
        if (name.isEmpty()) {
            throw invalid("a topic must have a name");
        }
        if (name.equals(".") || name.equals("..")) {
            throw invalid("a topic cannot be called " + name);
        }
        if (name.length() > MAX_LENGTH) {
            throw invalid(
                    "a topic's name has at most " + MAX_LENGTH + " characters, and this one has " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isLegal(name.charAt(i))) {
                throw invalid("the topic name " + name
                        + " has a character besides letters a-z, digits, dot, underscore and dash");
            }
        }
    }

    private static boolean isLegal(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    /** What two names share that Kafka does not allow side by side, since in the names of metrics a dot becomes an underscore. */
    static String collisionKey(String name) {
        return name.replace('.', '_');
    }

    static ApiException invalid(String message) {
        return new ApiException(ErrorCode.INVALID_TOPIC_EXCEPTION, message);
    }
}
