package io.brokkr.compatibility;

import java.util.List;

/**
 * A program of somebody else that talks to Kafka brokers.
 *
 * @param name with its version where it matters; part of topic and file names, so letters, digits, dots and dashes
 * @param checks in the order in which they run
 */
public record Client(String name, List<Check> checks) {
    /** Copies the checks. */
    public Client {
        checks = List.copyOf(checks);
    }
}
