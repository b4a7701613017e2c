package io.brokkr.protocol.generator;

/**
 * The question whether a version lies in a range, as Java asks it.
 *
 * @param expression a condition on the variable {@code version}; {@code true} or {@code false} if the answer is always the same
 */
record VersionTest(String expression) {

    static final VersionTest ALWAYS = new VersionTest("true");
    static final VersionTest NEVER = new VersionTest("false");

    /**
     * Asks no more than is needed.
     *
     * @param range the versions for which the answer is yes
     * @param within the only versions for which the question is asked
     */
    static VersionTest of(VersionRange range, VersionRange within) {
        VersionRange yes = range.intersect(within);
        if (yes.isEmpty()) {
            return NEVER;
        }
        if (yes.equals(within)) {
            return ALWAYS;
        }
        if (yes.lowest() == yes.highest()) {
            return new VersionTest("version == " + yes.lowest());
        }
        if (yes.lowest() == within.lowest()) {
            return new VersionTest("version <= " + yes.highest());
        }
        if (yes.highest() == within.highest()) {
            return new VersionTest("version >= " + yes.lowest());
        }
        return new VersionTest("version >= " + yes.lowest() + " && version <= " + yes.highest());
    }

    boolean isAlways() {
        return equals(ALWAYS);
    }

    boolean isNever() {
        return equals(NEVER);
    }

    /** The opposite, ready to be joined to another condition with {@code &&}. */
    String negated() {
        if (expression.contains("&&")) {
            return "!(" + expression + ")";
        }
        if (expression.contains("==")) {
            return expression.replace("==", "!=");
        }
        return expression.contains(">=") ? expression.replace(">=", "<") : expression.replace("<=", ">");
    }
}
