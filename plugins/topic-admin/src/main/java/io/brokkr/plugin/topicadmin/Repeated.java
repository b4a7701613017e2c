package io.brokkr.plugin.topicadmin;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Finds what a request names more than once. Kafka refuses to guess which one is meant, and answers the name once. */
final class Repeated {

    private Repeated() {}

    /** The keys that more than one item has. */
    static <T, K> Set<K> keys(List<T> items, Function<T, K> key) {
        Set<K> seen = new HashSet<>();
        Set<K> repeated = new HashSet<>();
        for (T item : items) {
            if (!seen.add(key.apply(item))) {
                repeated.add(key.apply(item));
            }
        }
        return repeated;
    }

    /** The items without those whose key an earlier one has. */
    static <T, K> List<T> firstOfEach(List<T> items, Function<T, K> key) {
        Set<K> seen = new HashSet<>();
        return items.stream().filter(item -> seen.add(key.apply(item))).toList();
    }
}
