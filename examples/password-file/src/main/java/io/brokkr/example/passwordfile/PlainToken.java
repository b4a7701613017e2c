package io.brokkr.example.passwordfile;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a client sends by the mechanism PLAIN (RFC 4616): {@code authorization id NUL name NUL password}, in UTF-8. A client that wants to act for somebody else is refused.
 *
 * @param name who it says it is
 * @param password what only that one knows
 */
record PlainToken(String name, String password) {

    private static final int LONGEST_BYTES = 3 * 255 + 2;

    /**
     * Reads a token, and wipes it.
     *
     * @throws ApiException if it has another form
     */
    static PlainToken read(byte[] token) {
        String[] parts = text(token).split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            throw refused("the token is not an authorization id, a name and a password");
        }
        if (!parts[0].isEmpty() && !parts[0].equals(parts[1])) {
            throw refused("the authorization id is another one than the name");
        }
        return new PlainToken(parts[1], parts[2]);
    }

    private static String text(byte[] token) {
        if (token.length > LONGEST_BYTES) {
            throw refused("the token has more than " + LONGEST_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(token))
                    .toString();
        } catch (CharacterCodingException noText) {
            throw refused("the token is not UTF-8");
        } finally {
            Arrays.fill(token, (byte) 0);
        }
    }

    private static ApiException refused(String reason) {
        return new ApiException(ErrorCode.SASL_AUTHENTICATION_FAILED, "Invalid token for PLAIN: " + reason);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return name;
    }
}
