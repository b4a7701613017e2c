package io.brokkr.storage.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** Opens the files of segments. Tests take another one, to let the device fail. */
@FunctionalInterface
interface FileOpener {

    /** The operating system's files. */
    FileOpener SYSTEM = FileChannel::open;

    FileChannel open(Path file, OpenOption... options) throws IOException;
}
