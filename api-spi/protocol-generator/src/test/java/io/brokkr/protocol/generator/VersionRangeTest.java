package io.brokkr.protocol.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A range does what a set of versions would do. */
class VersionRangeTest {

    private static final int HIGHEST = 9;

    @Provide
    Arbitrary<VersionRange> ranges() {
        Arbitrary<Integer> versions = Arbitraries.integers().between(0, HIGHEST);
        return Combinators.combine(versions, versions).as(VersionRange::new);
    }

    @Property
    void rangesAreSets(@ForAll("ranges") VersionRange one, @ForAll("ranges") VersionRange other) {
        Set<Integer> both = set(one);
        both.retainAll(set(other));
        assertThat(set(one.intersect(other))).isEqualTo(both);
        assertThat(one.contains(other)).isEqualTo(set(one).containsAll(set(other)));
        assertThat(set(one.span(other))).containsAll(set(one)).containsAll(set(other));

        Set<Integer> either = set(one);
        either.addAll(set(other));
        expect(either, () -> one.union(other));
        Set<Integer> rest = set(one);
        rest.removeAll(set(other));
        expect(rest, () -> one.minus(other));
    }

    /** Either the range has these versions, or they are no range. */
    private static void expect(Set<Integer> versions, Supplier<VersionRange> range) {
        boolean gapless = versions.isEmpty()
                || new TreeSet<>(versions).last() - new TreeSet<>(versions).first() == versions.size() - 1;
        if (gapless) {
            assertThat(set(range.get())).isEqualTo(versions);
        } else {
            assertThatThrownBy(range::get).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Property
    void theTextOfARangeIsTheRange(@ForAll("ranges") VersionRange range) {
        assertThat(set(VersionRange.parse(range.toString()))).isEqualTo(set(range));
        assertThat(VersionRange.parse("3+"))
                .isEqualTo(new VersionRange(3, VersionRange.OPEN))
                .hasToString("3+");
    }

    /** The generated condition is asked for no version that lies outside of {@code within}. */
    @Property
    void aTestAnswersForEveryVersion(@ForAll("ranges") VersionRange range, @ForAll("ranges") VersionRange within) {
        VersionTest test = VersionTest.of(range, within);
        for (int version : set(within)) {
            assertThat(answer(test.expression(), version)).isEqualTo(range.contains(version));
            if (!test.isAlways() && !test.isNever()) {
                assertThat(answer(test.negated(), version)).isEqualTo(!range.contains(version));
            }
        }
    }

    private static boolean answer(String condition, int version) {
        if (condition.startsWith("!")) {
            return !answer(condition.substring(2, condition.length() - 1), version);
        }
        int and = condition.indexOf(" && ");
        if (and >= 0) {
            return answer(condition.substring(0, and), version) && answer(condition.substring(and + 4), version);
        }
        if (!condition.startsWith("version ")) {
            return Boolean.parseBoolean(condition);
        }
        int bound = Integer.parseInt(condition.substring(condition.lastIndexOf(' ') + 1));
        return switch (condition.substring("version ".length(), condition.lastIndexOf(' '))) {
            case "==" -> version == bound;
            case "!=" -> version != bound;
            case ">=" -> version >= bound;
            case "<=" -> version <= bound;
            case "<" -> version < bound;
            case ">" -> version > bound;
            default -> throw new AssertionError(condition);
        };
    }

    private static Set<Integer> set(VersionRange range) {
        Set<Integer> versions = new TreeSet<>();
        for (int version = 0; version <= HIGHEST; version++) {
            if (range.contains(version)) {
                versions.add(version);
            }
        }
        return versions;
    }
}
