package io.brokkr.core.dispatch;

import io.brokkr.protocol.Message;
import io.brokkr.protocol.MessageWriter;
import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.message.ResponseHeader;
import io.brokkr.spi.Response;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request: a header and a message to write, no bytes at all, or the end of the connection.
 *
 * <p>Whoever gets an answer either writes it and closes its record data when the last byte has left, or {@linkplain #discard discards} it.
 */
public final class Answer {

    /** No bytes. */
    public static final Answer NONE = new Answer(null, 0, null, 0, 0, false);

    /** No bytes, and the connection ends once the answers before this one have left. */
    public static final Answer CLOSE = new Answer(null, 0, null, 0, 0, true);

    private final @Nullable ResponseHeader header;
    private final int headerVersion;
    private final @Nullable Message body;
    private final int bodyVersion;
    private final int sizeInBytes;
    private final boolean closesConnection;

    private Answer(
            @Nullable ResponseHeader header,
            int headerVersion,
            @Nullable Message body,
            int bodyVersion,
            int sizeInBytes,
            boolean closesConnection) {
        this.header = header;
        this.headerVersion = headerVersion;
        this.body = body;
        this.bodyVersion = bodyVersion;
        this.sizeInBytes = sizeInBytes;
        this.closesConnection = closesConnection;
    }

    /**
     * A message.
     *
     * @throws io.brokkr.protocol.UnsupportedVersionException if the message cannot be written at the version
     */
    static Answer of(int correlationId, int headerVersion, Message body, int bodyVersion) {
        ResponseHeader header =
                ResponseHeader.builder().correlationId(correlationId).build();
        int size = Math.addExact(header.encodedSize(headerVersion), body.encodedSize(bodyVersion));
        return new Answer(header, headerVersion, body, bodyVersion, size, false);
    }

    /** The bytes of header and message, records included, without the size in front of them; 0 if there is nothing to write. */
    public int sizeInBytes() {
        return sizeInBytes;
    }

    /** The part of {@link #sizeInBytes} that is record data. */
    public int recordDataSizeInBytes() {
        return body == null ? 0 : body.recordDataSizeInBytes();
    }

    /** Whether the connection ends here. */
    public boolean closesConnection() {
        return closesConnection;
    }

    /** Writes {@link #sizeInBytes} bytes, less the record data if the writer gathers. */
    public void write(MessageWriter writer) {
        if (header != null && body != null) {
            header.write(writer, headerVersion);
            body.write(writer, bodyVersion);
        }
    }

    /** The same for hooks. */
    Response response() {
        if (body != null) {
            return Response.of(body);
        }
        return closesConnection ? Response.closeConnection() : Response.none();
    }

    /** Closes the record data in the message, which has left or never will; a second call does nothing. */
    public void discard() {
        if (body != null) {
            body.forEachRecordData(RecordData::close);
        }
    }
}
