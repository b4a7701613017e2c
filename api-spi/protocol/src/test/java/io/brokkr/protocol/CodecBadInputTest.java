package io.brokkr.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.brokkr.protocol.generator.Definition;
import io.brokkr.protocol.generator.Field;
import io.brokkr.protocol.generator.FieldType;
import io.brokkr.protocol.generator.Struct;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Whatever the bytes are: a message or an {@link InvalidMessageException}, and memory in proportion to the bytes. */
class CodecBadInputTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What an exception with its stack trace and its text may cost, whatever the size of the frame. */
    private static final long FIXED_ALLOCATION_IN_BYTES = 16_384;

    /** The most that a byte of a frame may cost: the least element of an array takes a byte or two, and becomes an object. */
    private static final long ALLOCATION_PER_BYTE_OF_FRAME = 48;

    @Provide
    Arbitrary<DrawnMessage> messages() {
        return MessageArbitraries.carried();
    }

    @Property(tries = 5_000, shrinking = ShrinkingMode.BOUNDED)
    void halfAMessageIsNone(
            @ForAll("messages") DrawnMessage drawn, @ForAll @DoubleRange(max = 1, maxIncluded = false) double part) {
        byte[] whole = bytes(drawn);
        if (whole.length > 0) {
            byte[] half = new byte[(int) (whole.length * part)];
            System.arraycopy(whole, 0, half, 0, half.length);
            assertThatThrownBy(() -> BrokkrMessages.read(drawn.definition(), drawn.version(), half))
                    .isInstanceOf(InvalidMessageException.class);
            assertThat(read(drawn, half)).isNull();
        }
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.BOUNDED)
    void flippedBitsGiveAMessageOrTheDeclaredException(
            @ForAll("messages") DrawnMessage drawn, @ForAll("damages") @Size(min = 1, max = 4) List<Damage> damages) {
        byte[] bytes = bytes(drawn);
        for (Damage damage : damages) {
            damage.inflict(bytes);
        }
        expectMessageOrNothing(drawn, bytes);
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.BOUNDED)
    void randomBytesGiveAMessageOrTheDeclaredException(
            @ForAll("messages") DrawnMessage drawn, @ForAll("frames") byte[] bytes) {
        expectMessageOrNothing(drawn, bytes);
    }

    /** Somewhere in a message stand four bytes that claim two thousand million of whatever is there. */
    @Property(tries = 5_000, shrinking = ShrinkingMode.BOUNDED)
    void aHugeLengthIsNotBelieved(
            @ForAll("messages") DrawnMessage drawn, @ForAll @DoubleRange(max = 1, maxIncluded = false) double place) {
        byte[] bytes = bytes(drawn);
        if (bytes.length >= 5) {
            ByteBuffer.wrap(bytes).putInt((int) ((bytes.length - 4) * place), 0x7fff_fff0);
            expectMessageOrNothing(drawn, bytes);
        }
    }

    /** The worst that a frame can ask for: long lists of what takes the fewest bytes. */
    @Example
    void theSmallestElementsStayInProportion() {
        for (Definition definition : PublishedDefinitions.ALL) {
            for (int version = definition.versions().lowest();
                    version <= definition.versions().highest();
                    version++) {
                for (int level = 0; level < 4; level++) {
                    StructValue value = withLongLists(definition, definition.root(), version, level);
                    DrawnMessage wide = new DrawnMessage(definition, version, value);
                    assertThat(read(wide, bytes(wide))).as(wide.pair()).isNotNull();
                }
            }
        }
    }

    /** Defaults everywhere, but for lists: with one element each down to a level, and with a thousand at that level. */
    private static StructValue withLongLists(Definition definition, Struct struct, int version, int level) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Field field : struct.fields()) {
            if (!field.versions().contains(version)) {
                continue;
            }
            if (field.type() instanceof FieldType.Array array && array.element() instanceof FieldType.StructType) {
                StructValue element = withLongLists(definition, definition.structOf(field), version, level - 1);
                fields.put(field.name(), Collections.nCopies(level == 0 ? 1_000 : level > 0 ? 1 : 0, element));
            } else if (field.type() == FieldType.Primitive.RECORDS) {
                fields.put(field.name(), Bytes.EMPTY);
            }
        }
        return new StructValue(fields, List.of());
    }

    /** What is read without complaint is a message: it can be written and read again. */
    private static void expectMessageOrNothing(DrawnMessage drawn, byte[] bytes) {
        Message message = read(drawn, bytes);
        Statistics.collect(message == null ? "refused" : "read");
        if (message != null) {
            byte[] again = message.toBuffer(drawn.version()).array();
            Message same = read(drawn, again);
            assertThat(same).isNotNull();
            assertThat(BrokkrMessages.content(drawn.definition(), same))
                    .isEqualTo(BrokkrMessages.content(drawn.definition(), message));
        }
    }

    /** The message, or null for the one exception that there may be; fails if the memory is out of proportion. */
    private static @Nullable Message read(DrawnMessage drawn, byte[] bytes) {
        // The first time loads classes.
        Message message = tryToRead(drawn, bytes);
        long limit = FIXED_ALLOCATION_IN_BYTES + ALLOCATION_PER_BYTE_OF_FRAME * bytes.length;
        long allocated = Long.MAX_VALUE;
        // The JVM allocates, too, when a method handle has become hot, and once only: what the codec takes it takes
        // each time.
        for (int attempt = 0; attempt < 3 && allocated >= limit; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            message = tryToRead(drawn, bytes);
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated)
                .as("bytes allocated for a frame of %d", bytes.length)
                .isLessThan(limit);
        return message;
    }

    private static @Nullable Message tryToRead(DrawnMessage drawn, byte[] bytes) {
        MethodHandle reader = BrokkrMessages.reader(drawn.definition());
        try {
            return (Message) reader.invokeExact(new MessageReader(ByteBuffer.wrap(bytes)), drawn.version());
        } catch (InvalidMessageException e) {
            return null;
        } catch (Throwable e) {
            return fail("not the declared exception", e);
        }
    }

    private static byte[] bytes(DrawnMessage drawn) {
        return BrokkrMessages.build(drawn).toBuffer(drawn.version()).array();
    }

    /** A byte that another takes the place of. */
    record Damage(double place, byte mask) {
        void inflict(byte[] bytes) {
            if (bytes.length > 0) {
                bytes[(int) (bytes.length * place)] ^= mask;
            }
        }
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        Arbitrary<Byte> masks = Arbitraries.of(1, 2, 4, 8, 16, 32, 64, 128, 255).map(Integer::byteValue);
        return Combinators.combine(Arbitraries.doubles().between(0, true, 1, false), masks)
                .as(Damage::new)
                .list();
    }

    /** Small numbers are more likely to be taken for lengths. */
    @Provide
    Arbitrary<byte[]> frames() {
        Arbitrary<Byte> bytes = Arbitraries.frequency(
                        Tuple.of(4, 0),
                        Tuple.of(3, 1),
                        Tuple.of(2, 2),
                        Tuple.of(1, 5),
                        Tuple.of(1, 100),
                        Tuple.of(1, -1))
                .map(Integer::byteValue);
        return bytes.array(byte[].class).ofMaxSize(200);
    }
}
