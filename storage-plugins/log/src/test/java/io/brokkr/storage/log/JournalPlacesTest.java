package io.brokkr.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is kept in mind of millions of entries. */
class JournalPlacesTest {

    private record Place(int file, long number, long position) {}

    @Provide
    Arbitrary<List<Place>> places() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, Journal.MOST_FILES - 1),
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        Arbitraries.longs().between(0, 1L << 40))
                .as(Place::new)
                .list()
                .ofMaxSize(100);
    }

    @Property
    void whatWasAddedIsThere(@ForAll("places") List<Place> added, @ForAll long journalNumber) {
        JournalPlaces places = new JournalPlaces();
        added.forEach(place -> places.add(place.file(), place.number(), place.position()));
        LogState state = LogState.unknown(0).withJournalNumber(journalNumber);
        assertThat(places.count()).isEqualTo(added.size());
        for (int i = 0; i < added.size(); i++) {
            assertThat(places.file(i)).isEqualTo(added.get(i).file());
            assertThat(places.position(i)).isEqualTo(added.get(i).position());
            assertThat(places.countsFor(state, i)).isEqualTo(added.get(i).number() >= journalNumber);
        }
        assertThat(places.isNeededBy(state))
                .isEqualTo(added.stream().anyMatch(place -> place.number() >= journalNumber));
    }
}
