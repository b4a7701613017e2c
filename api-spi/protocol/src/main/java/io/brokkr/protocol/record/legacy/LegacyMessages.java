package io.brokkr.protocol.record.legacy;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The outer messages of a message set in memory, which they must fill to its end. */
final class LegacyMessages implements Iterator<LegacyMessage> {

    private final ByteBuffer region;
    private int position;

    /** The messages in a buffer's remaining bytes. */
    LegacyMessages(ByteBuffer messageSet) {
        this.region = messageSet.slice();
    }

    @Override
    public boolean hasNext() {
        return position < region.limit();
    }

    @Override
    public LegacyMessage next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int remaining = region.limit() - position;
        if (remaining < LegacyMessage.OVERHEAD_SIZE) {
            throw LegacyMessage.corrupt("the last " + remaining + " bytes are none");
        }
        int size = region.getInt(position + LegacyMessage.SIZE_POSITION);
        LegacyMessage.requireSize(size);
        if (size > remaining - LegacyMessage.OVERHEAD_SIZE) {
            throw LegacyMessage.corrupt("its size is " + size + " bytes, with " + remaining + " left");
        }
        int end = position + LegacyMessage.OVERHEAD_SIZE + size;
        LegacyMessage message = LegacyMessage.read(region, position, end);
        position = end;
        return message;
    }
}
