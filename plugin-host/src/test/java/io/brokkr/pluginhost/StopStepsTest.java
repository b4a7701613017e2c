package io.brokkr.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StopStepsTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** Each step is done once, in reverse, whichever of them fail. */
    @Property(tries = 50)
    void undoesInReverseWhateverFails(@ForAll @Size(max = 10) List<Boolean> failing) {
        StopSteps steps = new StopSteps();
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < failing.size(); i++) {
            int step = i;
            expected.add(0, step);
            steps.add("step " + step, () -> {
                done.add(step);
                if (failing.get(step)) {
                    throw new IllegalStateException("thrown by the test");
                }
            });
        }
        steps.run(LONG);
        steps.run(LONG);
        assertThat(done).isEqualTo(expected);
    }

    @Test
    @Timeout(30)
    void leavesAStepBehindThatHangs() {
        StopSteps steps = new StopSteps();
        CountDownLatch never = new CountDownLatch(1);
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        steps.add("the last", () -> done.add("the last"));
        steps.add("one that hangs", () -> {
            try {
                never.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        steps.run(Duration.ofSeconds(2));
        // The step after it had its own time, and is quick.
        assertThat(done).containsExactly("the last");
        never.countDown();
    }
}
