package io.brokkr.core.topic;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What may happen to old records; nothing does if there is none. */
public enum CleanupPolicy {
    /** They are deleted by age and size. */
    DELETE,
    /** Those whose key has a newer record are deleted. */
    COMPACT;

    static Set<CleanupPolicy> parse(String text) {
        Set<CleanupPolicy> policies = EnumSet.noneOf(CleanupPolicy.class);
        if (text.isBlank()) {
            return Collections.unmodifiableSet(policies);
        }
        Arrays.stream(text.split(",", -1)).map(String::strip).forEach(policy -> {
            switch (policy.toLowerCase(Locale.ROOT)) {
                case "delete" -> policies.add(DELETE);
                case "compact" -> policies.add(COMPACT);
                default ->
                    throw new IllegalArgumentException("delete, compact, both with a comma between them, or nothing");
            }
        });
        return Collections.unmodifiableSet(policies);
    }
}
