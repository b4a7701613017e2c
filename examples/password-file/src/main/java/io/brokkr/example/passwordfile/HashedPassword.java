package io.brokkr.example.passwordfile;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** What is kept of a password: PBKDF2 with HMAC-SHA-256 over a salt, from which the password is found by nothing but trying. Immutable. */
final class HashedPassword {

    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
    private static final int HASH_BITS = 256;
    private static final int SALT_BYTES = 16;

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private HashedPassword(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** Of a password, with a salt of its own. */
    static HashedPassword of(String password, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new HashedPassword(iterations, salt, hash(password, salt, iterations));
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException with what is expected
     */
    static HashedPassword parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3 || !parts[0].matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("name:iterations:salt:hash");
        }
        byte[] salt = bytes(parts[1], "the salt");
        byte[] hash = bytes(parts[2], "the hash");
        if (hash.length != HASH_BITS / Byte.SIZE) {
            throw new IllegalArgumentException("a hash of " + HASH_BITS + " bits");
        }
        return new HashedPassword(Integer.parseInt(parts[0]), salt, hash);
    }

    private static byte[] bytes(String text, String what) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            // Told below.
        }
        throw new IllegalArgumentException(what + " in Base64");
    }

    /** Whether it is the same password. Takes as long for one that is nearly right as for one that is all wrong. */
    boolean matches(String password) {
        return MessageDigest.isEqual(hash, hash(password, salt, iterations));
    }

    private static byte[] hash(String password, byte[] salt, int iterations) {
        char[] characters = password.toCharArray();
        PBEKeySpec secret = new PBEKeySpec(characters, salt, iterations, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM)
                    .generateSecret(secret)
                    .getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(ALGORITHM + " belongs to Java", missing);
        } finally {
            secret.clearPassword();
            Arrays.fill(characters, '\0');
        }
    }

    /** {@code iterations:salt:hash}, the last two in Base64. */
    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getEncoder();
        return iterations + ":" + base64.encodeToString(salt) + ":" + base64.encodeToString(hash);
    }
}
