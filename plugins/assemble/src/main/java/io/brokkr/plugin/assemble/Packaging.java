package io.brokkr.plugin.assemble;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the result is packed into, by the ending of its file's name. */
enum Packaging {
    TAR_GZ(".tar.gz") {
        @Override
        void write(Content content, Release release, @Nullable BaseImage base, OutputStream out) throws IOException {
            TarArchive.writeCompressed(content.under(release.folder()), release.time(), out);
        }
    },

    ZIP(".zip") {
        @Override
        void write(Content content, Release release, @Nullable BaseImage base, OutputStream out) throws IOException {
            ZipArchive.write(content.under(release.folder()), release.time(), out);
        }
    },

    DEB(".deb") {
        @Override
        void write(Content content, Release release, @Nullable BaseImage base, OutputStream out) throws IOException {
            new DebianPackage(content, release).write(out);
        }

        @Override
        Optional<String> dataFolder() {
            return Optional.of(DebianPackage.DATA_FOLDER);
        }
    },

    OCI(".oci.tar") {
        @Override
        void write(Content content, Release release, @Nullable BaseImage base, OutputStream out)
                throws IOException, AssemblyException {
            new OciImage(content, release, Objects.requireNonNull(base)).write(out);
        }

        @Override
        Optional<String> dataFolder() {
            return Optional.of(OciImage.DATA_FOLDER);
        }
    };

    private final String ending;

    Packaging(String ending) {
        this.ending = ending;
    }

    /**
     * The one that the name asks for.
     *
     * @throws WrongArgumentsException if none is asked for
     */
    static Packaging of(Path output) throws WrongArgumentsException {
        String name = output.toString();
        return Arrays.stream(values())
                .filter(packaging -> name.endsWith(packaging.ending))
                .findFirst()
                .orElseThrow(() -> new WrongArgumentsException("the name of " + output
                        + " does not say what to make: it must end with one of "
                        + Arrays.stream(values())
                                .map(packaging -> packaging.ending)
                                .collect(Collectors.joining(", "))));
    }

    /**
     * Writes all of it, and leaves the stream open.
     *
     * @param base the image that it begins with; null but for a container image
     */
    abstract void write(Content content, Release release, @Nullable BaseImage base, OutputStream out)
            throws IOException, AssemblyException;

    /** Where the broker keeps its data if the packaging decides that. */
    Optional<String> dataFolder() {
        return Optional.empty();
    }
}
