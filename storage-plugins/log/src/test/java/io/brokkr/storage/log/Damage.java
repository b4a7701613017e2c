package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** What can happen to a file while the broker is stopped. */
enum Damage {
    /** Its second half is gone. */
    TRUNCATED {
        @Override
        void inflict(Path file, Random random) throws IOException {
            byte[] content = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(content, random.nextInt(content.length + 1)));
        }
    },

    /** All of it is gone but the name. */
    EMPTIED {
        @Override
        void inflict(Path file, Random random) throws IOException {
            Files.write(file, new byte[0]);
        }
    },

    /** The name is gone, too. */
    REMOVED {
        @Override
        void inflict(Path file, Random random) throws IOException {
            Files.delete(file);
        }
    },

    /** It cannot be read or written, by root either. */
    UNREADABLE {
        @Override
        void inflict(Path file, Random random) throws IOException {
            Files.delete(file);
            Files.createDirectory(file);
        }
    },

    /** Random bytes, as many as there were. */
    GARBAGE {
        @Override
        void inflict(Path file, Random random) throws IOException {
            byte[] noise = new byte[(int) Files.size(file)];
            random.nextBytes(noise);
            Files.write(file, noise);
        }
    },

    /** Random bytes somewhere in it. */
    GARBAGE_WITHIN {
        @Override
        void inflict(Path file, Random random) throws IOException {
            byte[] content = Files.readAllBytes(file);
            if (content.length > 0) {
                byte[] noise = new byte[1 + random.nextInt(Math.min(400, content.length))];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, content, random.nextInt(content.length - noise.length + 1), noise.length);
            }
            Files.write(file, content);
        }
    },

    /** One bit is another. */
    BIT_FLIPPED {
        @Override
        void inflict(Path file, Random random) throws IOException {
            byte[] content = Files.readAllBytes(file);
            if (content.length > 0) {
                content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, content);
        }
    },

    /** A later version wrote it, where it names one. */
    NEWER {
        @Override
        void inflict(Path file, Random random) throws IOException {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            Files.writeString(
                    file, content.replaceFirst("^version: ?[0-9]+", "version: 99"), StandardCharsets.ISO_8859_1);
        }
    };

    abstract void inflict(Path file, Random random) throws IOException;
}
