package io.brokkr.plugin.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ConversionMemoryTest {

    private static final int LIMIT = 100;

    /** Positive numbers take so much, negative ones have the holder of that place give back; whoever is left gives back in the end. */
    @Property
    void whoComesFirstIsServedFirstAndTheLimitHolds(
            @ForAll @Size(max = 60) List<@IntRange(min = -20, max = 150) Integer> steps) {
        ConversionMemory memory = new ConversionMemory(LIMIT);
        List<Integer> held = new ArrayList<>();
        List<Integer> granted = new ArrayList<>();
        int asked = 0;
        for (int step : steps) {
            if (step > 0) {
                int number = asked++;
                memory.take(step).thenAccept(done -> {
                    granted.add(number);
                    held.add(step);
                });
            } else if (!held.isEmpty()) {
                memory.release(held.remove(-step % held.size()));
            }
            assertThat(memory.takenBytes()).isEqualTo(sum(held));
            assertThat(held.size() <= 1 || sum(held) <= LIMIT).isTrue();
        }
        while (!held.isEmpty()) {
            memory.release(held.remove(0));
        }
        assertThat(memory.takenBytes()).isZero();
        assertThat(granted).hasSize(asked).isSorted();
    }

    private static int sum(List<Integer> sizes) {
        return sizes.stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void whatIsNotNeededIsThereForTheNextAtOnce() {
        ConversionMemory memory = new ConversionMemory(LIMIT);
        memory.take(LIMIT);
        CompletionStage<Void> next = memory.take(30);
        assertThat(next.toCompletableFuture()).isNotDone();
        memory.release(LIMIT - 70);
        assertThat(next.toCompletableFuture()).isCompleted();
    }
}
