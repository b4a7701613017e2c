package io.brokkr.benchmarks;

import java.util.List;
import java.util.regex.Pattern;

/** What a kcat in a group has told of itself on its standard error. */
final class GroupMember {
    private static final Pattern PARTITION = Pattern.compile("\\[\\d+\\]");
    private static final String ASSIGNED = "): assigned: ";

    private GroupMember() {}

    /** How many partitions its last rebalance gave to it. */
    static int partitions(String told) {
        List<String> rebalances =
                told.lines().filter(line -> line.startsWith("% Group ")).toList();
        String last = rebalances.isEmpty() ? "" : rebalances.get(rebalances.size() - 1);
        int list = last.indexOf(ASSIGNED);
        return list < 0
                ? 0
                : (int) PARTITION.matcher(last.substring(list)).results().count();
    }

    /** Whether it has read a partition to its end. */
    static boolean hasReadAll(String told) {
        return told.contains("% Reached end of topic");
    }
}
