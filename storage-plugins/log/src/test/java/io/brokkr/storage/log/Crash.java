package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A loss of power: makes a copy of a log's folder in which nothing is certain but what was on the device. A segment's tail may be missing, torn, zeroed or
 * wrong; index entries that no state file vouches for may be anything; a segment that nobody synced may be gone, and what a replacement of segments has written until then too.
 */
final class Crash {

    private final Path folder;
    private final Random random;

    /** How many bytes of each {@code .log} file a sync has answered for. */
    private final Map<String, Long> synced = new HashMap<>();

    Crash(Path folder, Random random) {
        this.folder = folder;
        this.random = random;
    }

    /** To be called when a sync is complete and nothing was appended since. */
    void noteSynced() throws IOException {
        synced.clear();
        for (Path file : logs()) {
            synced.put(file.getFileName().toString(), Files.size(file));
        }
    }

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    /** Copies the folder as the device may hold it. The state file comes first: what it says is on the device, was there before it. */
    void copyTo(Path target) throws IOException {
        Files.createDirectories(target);
        for (String name : List.of("partition.metadata", "brokkr-log-state")) {
            Files.copy(folder.resolve(name), target.resolve(name));
        }
        LogState state = LogState.read(target).orElseThrow();
        Map<Long, LogState.SegmentLine> vouchedFor = new HashMap<>();
        state.segments().forEach(line -> vouchedFor.put(line.baseOffset(), line));
        copyCleaned(target);
        for (Path file : logs()) {
            String name = file.getFileName().toString();
            long baseOffset = Segment.baseOffsetIn(name).orElseThrow();
            LogState.SegmentLine line = vouchedFor.get(baseOffset);
            // A file that a smaller one has replaced since it was synced has no more than that.
            long certain = Math.min(
                    Files.size(file), Math.max(synced.getOrDefault(name, 0L), line == null ? 0 : line.sizeInBytes()));
            boolean mayBeGone = line == null && !synced.containsKey(name);
            if (!(mayBeGone && random.nextInt(4) == 0)) {
                Files.write(target.resolve(name), tornLog(Files.readAllBytes(file), (int) certain));
                copyIndexes(baseOffset, line, line != null && !line.equals(state.last()), state.endOffset(), target);
            }
        }
    }

    /** Nobody vouches for the files of a replacement that is under way. */
    private void copyCleaned(Path target) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(Segment.CLEANED_SUFFIX))
                    .sorted()
                    .toList()) {
                if (random.nextBoolean()) {
                    byte[] content = Files.readAllBytes(file);
                    Files.write(
                            target.resolve(file.getFileName()),
                            Arrays.copyOf(content, random.nextInt(content.length + 1)));
                }
            }
        }
    }

    private byte[] tornLog(byte[] content, int certain) {
        int tail = content.length - certain;
        if (tail == 0) {
            return content;
        }
        return switch (random.nextInt(5)) {
            case 0 -> content;
            case 1 -> Arrays.copyOf(content, certain + random.nextInt(tail));
            case 2 -> zeroed(content, certain + random.nextInt(tail));
            case 3 -> withNoiseBehind(Arrays.copyOf(content, certain + random.nextInt(tail)));
            default -> flipped(content, certain);
        };
    }

    /** The size of the file came through, the bytes did not. */
    private byte[] zeroed(byte[] content, int from) {
        byte[] result = content.clone();
        Arrays.fill(
                result, from, random.nextBoolean() ? result.length : from + random.nextInt(result.length - from), (byte)
                        0);
        return result;
    }

    private byte[] withNoiseBehind(byte[] content) {
        byte[] noise = new byte[random.nextInt(500)];
        random.nextBytes(noise);
        byte[] result = Arrays.copyOf(content, content.length + noise.length);
        System.arraycopy(noise, 0, result, content.length, noise.length);
        return result;
    }

    /** One bit in a place that length, magic or checksum watch over; base offset and leader epoch nobody does. */
    private byte[] flipped(byte[] content, int certain) {
        byte[] result = content.clone();
        int at = certain + random.nextInt(content.length - certain);
        int start = startOfBatchAt(content, at);
        int within = at - start;
        if (within >= 8 && (within < 12 || within >= 16)) {
            result[at] ^= (byte) (1 << random.nextInt(8));
        }
        return result;
    }

    private static int startOfBatchAt(byte[] content, int at) {
        int position = 0;
        while (true) {
            int size = java.nio.ByteBuffer.wrap(content).getInt(position + 8) + 12;
            if (position + size > at) {
                return position;
            }
            position += size;
        }
    }

    private void copyIndexes(
            long baseOffset, LogState.SegmentLine line, boolean isWholeVouchedFor, long endOffset, Path target)
            throws IOException {
        for (IndexFile.Layout layout : IndexFile.Layout.values()) {
            String name = Segment.nameOf(baseOffset) + layout.suffix();
            if (!Files.exists(folder.resolve(name))) {
                continue;
            }
            byte[] content = Files.readAllBytes(folder.resolve(name));
            if (!isWholeVouchedFor) {
                long bound = layout == IndexFile.Layout.OFFSETS
                        ? (line == null ? 0 : line.sizeInBytes())
                        : (line == null ? 0 : endOffset - baseOffset);
                int certain = certainEntries(content, layout, bound) * layout.entrySize();
                content = Arrays.copyOf(content, certain + random.nextInt(content.length - certain + 1));
                if (random.nextInt(3) == 0) {
                    Arrays.fill(content, certain, content.length, (byte) 0x7F);
                }
            }
            Files.write(target.resolve(name), content);
        }
    }

    private static int certainEntries(byte[] content, IndexFile.Layout layout, long bound) {
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(content);
        int entries = 0;
        while ((entries + 1) * layout.entrySize() <= content.length
                && buffer.getInt((entries + 1) * layout.entrySize() - Integer.BYTES) < bound) {
            entries++;
        }
        return entries;
    }
}
