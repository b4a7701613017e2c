package io.brokkr.storage.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.LogSegment;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ColdPartFormatTest {

    @Provide
    Arbitrary<ColdPart> parts() {
        Arbitrary<LogSegment> segments = Combinators.combine(
                        Arbitraries.longs(), Arbitraries.longs(), Arbitraries.longs(), Arbitraries.longs())
                .as(LogSegment::new);
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.longs(),
                        segments.list().ofMaxSize(20),
                        Arbitraries.of(true, false))
                .as(ColdPart::new);
    }

    @Property
    void whatIsWrittenIsRead(@ForAll("parts") ColdPart part) {
        assertThat(ColdPartFormat.read(ColdPartFormat.write(part))).isEqualTo(part);
    }

    @Property
    void whatWasChangedIsNotTakenForAPart(@ForAll("parts") ColdPart part, @ForAll int position, @ForAll byte changed) {
        byte[] bytes = ColdPartFormat.write(part).toArray();
        int at = Math.floorMod(position, bytes.length);
        boolean isSame = bytes[at] == changed;
        bytes[at] = changed;
        assertThat(ColdPartFormat.read(Bytes.copyOf(bytes)) != null).isEqualTo(isSame);
    }

    @Property
    void arbitraryBytesAreNoPart(@ForAll byte[] bytes) {
        assertThat(ColdPartFormat.read(Bytes.copyOf(bytes))).isNull();
    }
}
