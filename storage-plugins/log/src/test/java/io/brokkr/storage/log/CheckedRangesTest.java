package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CheckedRangesTest {

    private static final long STEP = CheckedRanges.GROWS_FOR_NANOS / 4;

    /**
     * Bytes that are written or checked.
     *
     * @param pause steps of time before that
     */
    record Note(int from, int size, int pause) {
        int to() {
            return from + size;
        }
    }

    @Provide
    Arbitrary<List<Note>> notes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(1, 10),
                        Arbitraries.integers().between(0, 3))
                .as(Note::new)
                .list()
                .ofMaxSize(40);
    }

    /** The model is a time for each byte. */
    @Property
    void whatIsKnownWasNotedAShortTimeAgo(@ForAll("notes") List<Note> notes) {
        CheckedRanges ranges = new CheckedRanges();
        Map<Integer, Long> noted = new HashMap<>();
        long now = 0;
        for (Note note : notes) {
            now += note.pause() * STEP;
            ranges.add(note.from(), note.to(), now);
            for (int at = note.from(); at < note.to(); at++) {
                noted.put(at, now);
            }
            assertThat(ranges.holds(note.from(), note.to(), now)).isTrue();
            for (int from = 0; from < 50; from++) {
                for (int to = from + 1; to <= 51 && ranges.holds(from, to, now); to++) {
                    assertThat(now - noted.getOrDefault(to - 1, Long.MIN_VALUE / 2))
                            .as("byte %d", to - 1)
                            .isLessThan(CheckedRanges.KNOWN_FOR_NANOS);
                }
            }
        }
    }

    @Property(tries = 50)
    void whatIsWrittenAllTheTimeIsKnownForAWhile(@ForAll("notes") List<Note> pauses) {
        CheckedRanges ranges = new CheckedRanges();
        long now = 0;
        long end = 0;
        long[] writtenAt = new long[pauses.size()];
        for (int i = 0; i < pauses.size(); i++) {
            now += pauses.get(i).pause() * STEP;
            writtenAt[i] = now;
            ranges.add(end, end + 1, now);
            end++;
            for (int at = 0; at < end; at++) {
                if (now - writtenAt[at] < CheckedRanges.GROWS_FOR_NANOS) {
                    assertThat(ranges.holds(at, at + 1L, now)).isTrue();
                }
            }
        }
    }
}
