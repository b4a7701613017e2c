package io.brokkr.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class AppendQueueTest {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final AppendQueue queue = new AppendQueue(tasks::add);

    /** Appends come and threads are free in any order; some appends fail. */
    @Property(tries = 200)
    void appendsAreMadeOneAfterTheOtherInTheOrderOfTheirComing(@ForAll @Size(max = 40) List<Boolean> comes) {
        List<Integer> made = new ArrayList<>();
        List<CompletionStage<Integer>> stages = new ArrayList<>();
        for (boolean next : comes) {
            if (next) {
                int number = stages.size();
                stages.add(queue.add(() -> {
                    made.add(number);
                    if (number % 3 == 2) {
                        throw new IllegalStateException();
                    }
                    return CompletableFuture.completedFuture(number);
                }));
            } else if (!tasks.isEmpty()) {
                tasks.remove().run();
            }
            assertThat(queue.isEmpty()).isEqualTo(made.size() == stages.size());
        }
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        assertThat(queue.isEmpty()).isTrue();
        for (int i = 0; i < stages.size(); i++) {
            assertThat(made.get(i)).isEqualTo(i);
            CompletableFuture<Integer> stage = stages.get(i).toCompletableFuture();
            assertThat(stage.isCompletedExceptionally()).isEqualTo(i % 3 == 2);
        }
    }

    /** The next one does not wait until an append is complete, only until it is made. */
    @Property(tries = 1)
    void anAppendThatIsUnderWayHoldsNobodyUp() {
        CompletableFuture<String> underWay = new CompletableFuture<>();
        CompletionStage<String> first = queue.add(() -> underWay);
        CompletionStage<String> second = queue.add(() -> CompletableFuture.completedFuture("second"));
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        assertThat(second.toCompletableFuture()).isCompletedWithValue("second");
        assertThat(first.toCompletableFuture()).isNotDone();
        underWay.complete("first");
        assertThat(first.toCompletableFuture()).isCompletedWithValue("first");
    }
}
