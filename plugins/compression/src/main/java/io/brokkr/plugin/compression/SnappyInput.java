package io.brokkr.plugin.compression;

import java.io.IOException;
import java.io.InputStream;

/** Reads Snappy in either form; see {@link SnappyCodec}. */
final class SnappyInput extends BlockInput {

    /** The first four bytes of the magic: negative, and so no block's length. */
    private static final int MAGIC_BEGINNING = 0x82534E41;

    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int VERSIONS_BYTES = 8;

    private final CompressedInput input;
    private final SnappyDecoder decoder;
    private boolean begun;
    private boolean framed;
    private boolean inBlock;
    private long blockEnd;

    SnappyInput(InputStream source) {
        input = new CompressedInput(source);
        decoder = new SnappyDecoder(input);
    }

    @Override
    boolean nextPiece() throws IOException {
        if (!begun) {
            begun = true;
            framed = input.startsWith(MAGIC);
            if (framed) {
                input.skip(MAGIC.length + VERSIONS_BYTES);
            } else {
                begin(Long.MAX_VALUE);
            }
        }
        if (!inBlock && !beginFramed()) {
            return false;
        }
        int from = decoder.decodeMore();
        if (from >= 0) {
            offer(decoder.decoded(), from, decoder.end());
        } else {
            checkEndOfBlock();
            inBlock = false;
        }
        return true;
    }

    private void begin(long end) throws IOException {
        blockEnd = end;
        decoder.begin(end);
        inBlock = true;
    }

    /** Versions are passed over, for some write them with their bytes in the wrong order. Streams may follow upon each other. */
    private boolean beginFramed() throws IOException {
        while (framed && !input.atEnd()) {
            int length = input.nextBigEndianInt();
            if (length >= 0) {
                begin(input.taken() + length);
                return true;
            }
            if (length != MAGIC_BEGINNING) {
                throw new IOException("a block of Snappy cannot have " + length + " bytes");
            }
            input.skip(MAGIC.length + VERSIONS_BYTES - Integer.BYTES);
        }
        return false;
    }

    private void checkEndOfBlock() throws IOException {
        if (framed ? input.taken() != blockEnd : !input.atEnd()) {
            throw new IOException("there are bytes in a block of Snappy behind all that it holds");
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
