package io.brokkr.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Compresses and decompresses the records of a batch, or the messages in a wrapper of the message formats 0 and 1. A plugin supplies one for each format, found
 * with {@link java.util.ServiceLoader}; a broker needs it only where it has to look into compressed records, since it carries batches as they are otherwise.
 *
 * <ul>
 *   <li><b>Threads.</b> A codec is used by many threads at once; a stream by one. Whoever calls has work that takes time, and does it where that harms nobody.
 *   <li><b>Memory.</b> A stream <em>must not</em> take memory for a size that the data only claims, and holds no more than a block of the format, or as far as the
 *       format's copies may refer back. How much may come out in all is the business of whoever reads: a few bytes can be made to hold gigabytes.
 *   <li><b>Errors.</b> Whatever the bytes are, reading them fails with {@link IOException} or not at all.
 *   <li><b>Life cycle.</b> Streams may hold native memory: they are closed in any case, also after a failure. Codecs are never closed.
 *   <li><b>Cost.</b> Libraries are loaded when the first stream is opened, not when the codec is made, which every start of a broker does.
 * </ul>
 */
public interface CompressionCodec {

    /** The format, never {@link Compression#NONE}. */
    Compression compression();

    /**
     * Compresses what is written, in pieces of any size.
     *
     * @param sink gets the compressed bytes, the last of them when the stream is closed; it is closed with the stream
     * @param magic of the message format, 0 to 2: the frames of LZ4 in magic 0 have a header checksum of their own
     * @throws IOException if the sink fails, or if the codec cannot work on this machine
     */
    OutputStream compress(OutputStream sink, byte magic) throws IOException;

    /**
     * Decompresses. Reading fails with {@link IOException} if the bytes are not of the format or end too early, the more surely the more the format checks.
     *
     * @param source the compressed bytes, all of them; it is closed with the stream
     * @param magic as in {@link #compress}
     * @throws IOException if the bytes do not begin as the format does, or if the codec cannot work on this machine; then the source stays the caller's
     */
    InputStream decompress(InputStream source, byte magic) throws IOException;

    /**
     * A codec of the same format that compresses at the least cost of processor time, for what one reader gets and nobody keeps. What it writes may be larger, and is
     * read by all who read the format.
     */
    default CompressionCodec fastest() {
        return this;
    }
}
