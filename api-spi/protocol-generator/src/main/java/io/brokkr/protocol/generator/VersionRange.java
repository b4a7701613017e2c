package io.brokkr.protocol.generator;

/**
 * The versions from one to another, both included, or none.
 *
 * @param lowest the lowest version, 0 or more
 * @param highest the highest version, {@link #OPEN} if there is no end; below {@code lowest} if the range is empty
 */
public record VersionRange(int lowest, int highest) {

    /** The highest version of a range that has no end: versions are 16 bits wide. */
    public static final int OPEN = Short.MAX_VALUE;

    /** No version at all. */
    public static final VersionRange NONE = new VersionRange(0, -1);

    /** Every version. */
    public static final VersionRange ALL = new VersionRange(0, OPEN);

    /**
     * Reads what the definitions write: {@code none}, {@code 3}, {@code 0-4} or {@code 2+}.
     *
     * @throws NumberFormatException if the text is none of these
     */
    public static VersionRange parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        if (text.endsWith("+")) {
            return new VersionRange(Integer.parseInt(text.substring(0, text.length() - 1)), OPEN);
        }
        int dash = text.indexOf('-');
        return dash < 0
                ? new VersionRange(Integer.parseInt(text), Integer.parseInt(text))
                : new VersionRange(
                        Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    /** Whether there is no version in it. */
    public boolean isEmpty() {
        return highest < lowest;
    }

    /** Whether a version is in it. */
    public boolean contains(int version) {
        return version >= lowest && version <= highest;
    }

    /** Whether each version of another range is in this one. */
    public boolean contains(VersionRange other) {
        return other.isEmpty() || (lowest <= other.lowest && highest >= other.highest);
    }

    /** The versions that are in both. */
    public VersionRange intersect(VersionRange other) {
        VersionRange both = new VersionRange(Math.max(lowest, other.lowest), Math.min(highest, other.highest));
        return both.isEmpty() ? NONE : both;
    }

    /** The smallest range with the versions of both. */
    public VersionRange span(VersionRange other) {
        if (isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        return new VersionRange(Math.min(lowest, other.lowest), Math.max(highest, other.highest));
    }

    /**
     * The versions that are in either.
     *
     * @throws IllegalArgumentException if there is a gap between the two
     */
    public VersionRange union(VersionRange other) {
        if (!isEmpty() && !other.isEmpty() && (other.lowest > highest + 1 || lowest > other.highest + 1)) {
            throw new IllegalArgumentException("there is a gap between " + this + " and " + other);
        }
        return span(other);
    }

    /**
     * The versions that are in this range and not in the other.
     *
     * @throws IllegalArgumentException if the other lies in the middle of this one
     */
    public VersionRange minus(VersionRange other) {
        VersionRange both = intersect(other);
        if (both.isEmpty()) {
            return this;
        }
        VersionRange below = new VersionRange(lowest, both.lowest - 1);
        VersionRange above = new VersionRange(both.highest + 1, highest);
        if (below.isEmpty()) {
            return above.isEmpty() ? NONE : above;
        }
        if (above.isEmpty()) {
            return below;
        }
        throw new IllegalArgumentException(this + " without " + other + " is not a range");
    }

    /** The range as the definitions write it. */
    @Override
    public String toString() {
        if (isEmpty()) {
            return "none";
        }
        if (highest == OPEN) {
            return lowest + "+";
        }
        return lowest == highest ? Integer.toString(lowest) : lowest + "-" + highest;
    }
}
