package io.brokkr.core.transport;

import io.brokkr.core.dispatch.Answer;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request under way: its place among the requests of its connection, and the memory that it lies in until it is answered. */
final class Exchange implements Consumer<Answer> {

    private final Connection connection;
    private final @Nullable ByteBuf memory;
    private final int takenBytes;
    private volatile @Nullable Answer answer;

    Exchange(Connection connection, @Nullable ByteBuf memory, int takenBytes) {
        this.connection = connection;
        this.memory = memory;
        this.takenBytes = takenBytes;
    }

    /** On any thread, once. The request's memory ends here. */
    @Override
    public void accept(Answer given) {
        if (memory != null) {
            memory.release();
        }
        answer = given;
        connection.onAnswered(this, given);
    }

    /** The answer, null until it is there. */
    @Nullable
    Answer answer() {
        return answer;
    }

    /** What the request takes, or took. */
    int takenBytes() {
        return takenBytes;
    }
}
