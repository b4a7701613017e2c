package io.brokkr.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What Linux says that a process has used.
 *
 * @param pid of a running JVM
 */
record ProcessMeter(long pid) {
    /** The unit of processor times in /proc; 100 on every architecture that a JDK runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** The fields of /proc/pid/stat are counted from behind the name, which may hold blanks: field 3 is at 0. */
    private static final int USER_TIME = 14 - 3;

    /** Refuses a script that stands in front of the JVM, for it would be measured in its place. */
    static ProcessMeter ofJvm(long pid) throws IOException {
        String name = Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
        if (!name.equals("java")) {
            throw new IOException("process " + pid + " is " + name + " and no JVM");
        }
        return new ProcessMeter(pid);
    }

    /** User and system time of all its threads since its start. */
    double cpuSeconds() throws IOException {
        return ticks(USER_TIME, 2) / TICKS_PER_SECOND;
    }

    /** As {@link #cpuSeconds}, with the children that have ended. */
    double cpuSecondsWithChildren() throws IOException {
        return ticks(USER_TIME, 4) / TICKS_PER_SECOND;
    }

    /** Resident memory now. */
    long residentBytes() throws IOException {
        return status("VmRSS:") * 1024;
    }

    /** The most resident memory so far. */
    long peakResidentBytes() throws IOException {
        return status("VmHWM:") * 1024;
    }

    long threads() throws IOException {
        return status("Threads:");
    }

    /** Its open files in those subfolders whose names begin so. */
    long filesBelow(Path folder, String subfolders) throws IOException {
        return open(folder + "/" + subfolders);
    }

    /** Its open sockets, listening ones too. */
    long sockets() throws IOException {
        return open("socket:");
    }

    private long open(String prefix) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors
                    .filter(descriptor -> target(descriptor).startsWith(prefix))
                    .count();
        }
    }

    /** Empty for a descriptor that was closed meanwhile. */
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private long ticks(int from, int count) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long sum = 0;
        for (int field = from; field < from + count; field++) {
            sum += Long.parseLong(fields[field]);
        }
        return sum;
    }

    private long status(String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(
                        line.substring(key.length()).replace("kB", "").strip());
            }
        }
        throw new IOException("no " + key + " in the status of process " + pid);
    }
}
