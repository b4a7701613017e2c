package io.brokkr.storage.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bytes for people to read: as text if they are, else in hexadecimal digits; cut if there are many. */
final class PrintableBytes {

    private static final int MOST_CHARACTERS = 120;

    private PrintableBytes() {}

    static String text(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return "null";
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.duplicate())
                    .toString();
            if (text.chars().noneMatch(Character::isISOControl)) {
                return quoted(text);
            }
        } catch (CharacterCodingException noText) {
            // In hexadecimal digits, then.
        }
        byte[] shown = new byte[Math.min(bytes.remaining(), MOST_CHARACTERS / 2)];
        bytes.duplicate().get(shown);
        return "0x" + HexFormat.of().formatHex(shown) + rest(bytes.remaining() - shown.length, "bytes");
    }

    /** Text in quotes, whatever is in it. */
    static String quoted(String text) {
        String shown = text.substring(0, Math.min(text.length(), MOST_CHARACTERS));
        return "«" + shown.replaceAll("\\p{Cntrl}", "?") + "»" + rest(text.length() - shown.length(), "characters");
    }

    private static String rest(int count, String what) {
        return count == 0 ? "" : " and " + count + " more " + what;
    }
}
