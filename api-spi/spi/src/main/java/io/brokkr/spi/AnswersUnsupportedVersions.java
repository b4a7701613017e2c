package io.brokkr.spi;

import io.brokkr.protocol.Message;

/**
 * An optional ability of an {@link ApiHandler}: to answer a request at a version outside of its range.
 *
 * <p>The connection of a client that asks for an unsupported version is closed. The one exception is the API by which clients learn the
 * versions: a new client asks at its own newest version, and must get an answer that every client can read (KIP-511).
 */
public interface AnswersUnsupportedVersions {

    /** The response to a request whose body cannot be read; it is written at version 0. */
    Message unsupportedVersion();
}
