package io.brokkr.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** {@link MessageReader} and {@link MessageWriter}, one type at a time. */
class WireTypesTest {

    @Property
    void textsAreWrittenAsJavaEncodesThem(@ForAll("texts") String text, @ForAll boolean compact) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(MessageWriter.sizeOfString(text, compact));
        MessageWriter.copying(buffer).writeString(text, compact);
        assertThat(buffer.hasRemaining()).isFalse();
        byte[] written = new byte[utf8.length];
        buffer.get(buffer.limit() - utf8.length, written);
        assertThat(written).isEqualTo(utf8);
        assertThat(new MessageReader(buffer.flip()).readString(compact))
                .isEqualTo(new String(utf8, StandardCharsets.UTF_8));
    }

    /** Among them unpaired surrogates, alone, between ASCII, at either end. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<Character> characters = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.chars().range('a', 'z')),
                Tuple.of(1, Arbitraries.chars().range('\ud800', '\udfff')),
                Tuple.of(1, Arbitraries.of('\ud83d', '\ude80')),
                Tuple.of(1, Arbitraries.chars().all()));
        return characters.list().ofMaxSize(20).map(list -> {
            StringBuilder text = new StringBuilder();
            list.forEach(text::append);
            return text.toString();
        });
    }

    @Property
    void bytesThatAreNotUtf8BecomeReplacementCharacters(@ForAll @Size(max = 30) byte[] bytes) {
        ByteBuffer heap = ByteBuffer.allocate(2 + bytes.length);
        heap.putShort((short) bytes.length).put(bytes).flip();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(heap.limit()).put(heap.duplicate()).flip();
        String expected = new String(bytes, StandardCharsets.UTF_8);
        assertThat(new MessageReader(heap).readString(false)).isEqualTo(expected);
        assertThat(new MessageReader(direct).readString(false)).isEqualTo(expected);
        assertThat(new MessageReader(heap.asReadOnlyBuffer()).readString(false)).isEqualTo(expected);
    }

    @Property
    void varintsTakeTheirSize(@ForAll int value) {
        ByteBuffer buffer = ByteBuffer.allocate(5);
        MessageWriter.copying(buffer).writeUnsignedVarint(value);
        assertThat(buffer.position()).isEqualTo(MessageWriter.sizeOfUnsignedVarint(value));
        assertThat(new MessageReader(buffer.flip()).readUnsignedVarint()).isEqualTo(value);
    }

    @Example
    void aVarintEndsAfterFiveBytes() {
        refused(reader -> reader.readUnsignedVarint(), 0x80, 0x80, 0x80, 0x80, 0x80, 0);
    }

    @Example
    void aReaderStartsAtThePositionAndLeavesItWhereItIs() {
        ByteBuffer buffer =
                ByteBuffer.wrap(new byte[] {9, 9, 0, 0, 0, 7, 9}).position(2).limit(6);
        MessageReader reader = new MessageReader(buffer);
        assertThat(reader.remaining()).isEqualTo(4);
        assertThat(reader.readInt32()).isEqualTo(7);
        assertThat(reader.remaining()).isZero();
        assertThat(buffer.position()).isEqualTo(2);
    }

    @Example
    void noNegativeLengthButThatOfNull() {
        refused(reader -> reader.readNullableString(false), 0xff, 0xfe);
        refused(reader -> reader.readNullableBytes(false), 0xff, 0xff, 0xff, 0xfe);
        refused(reader -> reader.readNullableRecords(false), 0x80, 0, 0, 0);
        refused(reader -> reader.readNullableArrayLength(false, 1), 0xff, 0xff, 0xff, 0xfe);
        refused(reader -> reader.readNullableArrayLength(true, 1), 0xff, 0xff, 0xff, 0xff, 0x0f);
    }

    @Example
    void noNullWhereNoneMayBe() {
        refused(reader -> reader.readString(false), 0xff, 0xff);
        refused(reader -> reader.readString(true), 0);
        refused(reader -> reader.readBytes(true), 0);
        refused(reader -> reader.readRecords(false), 0xff, 0xff, 0xff, 0xff);
        refused(reader -> reader.readArrayLength(false, 1), 0xff, 0xff, 0xff, 0xff);
    }

    @Example
    void anArrayNeedsRoomForItsElements() {
        refused(reader -> reader.readArrayLength(false, 4), 0, 0, 0, 2, 1, 1, 1, 1, 1, 1, 1);
        assertThat(reader(0, 0, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1).readArrayLength(false, 4))
                .isEqualTo(2);
    }

    @Example
    void theProtocolHasNoTextAbove32767Bytes() {
        String longest = "x".repeat(32_767);
        assertThat(MessageWriter.sizeOfString(longest, false)).isEqualTo(32_769);
        assertThatThrownBy(() -> MessageWriter.sizeOfString(longest + "x", true))
                .isInstanceOf(IllegalArgumentException.class);
        ByteBuffer tooLong = ByteBuffer.allocate(40_000);
        MessageWriter.copying(tooLong).writeUnsignedVarint(32_769);
        assertThatThrownBy(() -> new MessageReader(tooLong.rewind()).readString(true))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Example
    void unsignedNumbersMustFit() {
        MessageWriter writer = MessageWriter.copying(ByteBuffer.allocate(8));
        assertThatThrownBy(() -> writer.writeUint16(65_536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.writeUint16(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.writeUint32(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.writeUint32(1L << 32)).isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void theAbsentIdIsOneObject() {
        assertThat(reader(new int[16]).readUuid()).isSameAs(Message.ZERO_UUID);
    }

    @Example
    void unknownTaggedFieldsComeInAscendingOrder() {
        assertThat(reader(2, 5, 1, 77, 6, 0).readUnknownTaggedFields())
                .isEqualTo(List.of(
                        new UnknownTaggedField(5, Bytes.copyOf(new byte[] {77})),
                        new UnknownTaggedField(6, Bytes.EMPTY)));
        refused(reader -> reader.readUnknownTaggedFields(), 2, 6, 0, 5, 0);
        refused(reader -> reader.readUnknownTaggedFields(), 2, 6, 0, 6, 0);
        refused(reader -> reader.readUnknownTaggedFields(), 1, 6, 1);
    }

    private static MessageReader reader(int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int index = 0; index < bytes.length; index++) {
            content[index] = (byte) bytes[index];
        }
        return new MessageReader(ByteBuffer.wrap(content));
    }

    private static void refused(Consumer<MessageReader> read, int... bytes) {
        assertThatThrownBy(() -> read.accept(reader(bytes))).isInstanceOf(InvalidMessageException.class);
    }
}
