package io.brokkr.testkit.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** What can happen to a file of a data folder while the broker is stopped. */
public enum Damage {
    /** Its end is gone. */
    TRUNCATED {
        @Override
        public void inflict(Path file, Random random) throws IOException {
            byte[] content = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(content, random.nextInt(content.length + 1)));
        }
    },

    /** All of it is gone but the name. */
    EMPTIED {
        @Override
        public void inflict(Path file, Random random) throws IOException {
            Files.write(file, new byte[0]);
        }
    },

    /** The name is gone, too. */
    REMOVED {
        @Override
        public void inflict(Path file, Random random) throws IOException {
            Files.delete(file);
        }
    },

    /** It cannot be read or written, by root either. */
    UNREADABLE {
        @Override
        public void inflict(Path file, Random random) throws IOException {
            Files.delete(file);
            Files.createDirectory(file);
        }
    },

    /** Random bytes, as many as there were. */
    GARBAGE {
        @Override
        public void inflict(Path file, Random random) throws IOException {
            byte[] noise = new byte[(int) Files.size(file)];
            random.nextBytes(noise);
            Files.write(file, noise);
        }
    },

    /** Random bytes somewhere in it. */
    GARBAGE_WITHIN {
        @Override
        public void inflict(Path file, Random random) throws IOException {
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
        public void inflict(Path file, Random random) throws IOException {
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
        public void inflict(Path file, Random random) throws IOException {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            Files.writeString(
                    file, content.replaceFirst("^version(: ?|=)[0-9]+", "version$199"), StandardCharsets.ISO_8859_1);
        }
    };

    /** Damages a file that is there, and not a folder. */
    public abstract void inflict(Path file, Random random) throws IOException;
}
