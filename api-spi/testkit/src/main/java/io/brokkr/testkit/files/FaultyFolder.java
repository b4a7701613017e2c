package io.brokkr.testkit.files;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A folder: its entries as programs see them, and as they are on the device. Under the lock of its {@link FaultyFileSystem}. */
final class FaultyFolder implements FaultyNode {

    private final TreeMap<String, FaultyNode> entries = new TreeMap<>();
    private final TreeMap<String, FaultyNode> durable = new TreeMap<>();

    /** What changed since the last sync, a change an element: names, and what they stand for, null for nothing any more. */
    private final List<Map<String, @Nullable FaultyNode>> changes = new ArrayList<>();

    Map<String, FaultyNode> entries() {
        return entries;
    }

    /** Makes a change, which happens as a whole or not at all. */
    void change(Map<String, @Nullable FaultyNode> change) {
        changes.add(change);
        apply(change, entries);
    }

    private static void apply(Map<String, @Nullable FaultyNode> change, Map<String, FaultyNode> target) {
        change.forEach((name, node) -> {
            if (node == null) {
                target.remove(name);
            } else {
                target.put(name, node);
            }
        });
    }

    void put(String name, FaultyNode node) {
        change(Map.of(name, node));
    }

    void remove(String name) {
        Map<String, @Nullable FaultyNode> change = new HashMap<>();
        change.put(name, null);
        change(change);
    }

    void rename(String from, String to) {
        Map<String, @Nullable FaultyNode> change = new HashMap<>();
        change.put(from, null);
        change.put(to, entries.get(from));
        change(change);
    }

    void force() {
        durable.clear();
        durable.putAll(entries);
        changes.clear();
    }

    /** What a loss of power leaves: any of the changes may be lost. */
    FaultyFolder afterCrash(Random random, int blockSize, FaultyFileSystem.FlipRule mayFlip) {
        TreeMap<String, FaultyNode> left = new TreeMap<>(durable);
        int mood = random.nextInt(3);
        for (Map<String, @Nullable FaultyNode> change : changes) {
            if (mood == 0 || (mood == 1 && random.nextBoolean())) {
                apply(change, left);
            }
        }
        FaultyFolder folder = new FaultyFolder();
        left.forEach((name, node) -> folder.put(
                name,
                node instanceof FaultyFile file
                        ? file.afterCrash(name, random, blockSize, mayFlip)
                        : ((FaultyFolder) node).afterCrash(random, blockSize, mayFlip)));
        folder.force();
        return folder;
    }
}
