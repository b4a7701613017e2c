package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever order work ends in, and whether it fails or not: per topic one after the other, in the order of the calls. */
class TopicQueuesTest {

    /** A piece of work that has begun, and ends when the test says so. */
    private record Running(int number, String topic, CompletableFuture<Integer> end) {}

    @Property
    void workOnATopicNeverOverlaps(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 3) Integer> topics, @ForAll long seed) {
        Random random = new Random(seed);
        TopicQueues queues = new TopicQueues();
        List<Running> running = new ArrayList<>();
        Map<String, List<Integer>> begun = new HashMap<>();
        List<CompletionStage<Integer>> stages = new ArrayList<>();
        List<Boolean> fails = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            int number = i;
            String topic = "topic-" + topics.get(i);
            fails.add(random.nextBoolean());
            stages.add(queues.run(topic, () -> {
                assertThat(running).extracting(Running::topic).doesNotContain(topic);
                begun.computeIfAbsent(topic, none -> new ArrayList<>()).add(number);
                CompletableFuture<Integer> end = new CompletableFuture<>();
                running.add(new Running(number, topic, end));
                return end;
            }));
            if (random.nextBoolean()) {
                endOne(running, random, fails);
            }
        }
        while (!running.isEmpty()) {
            endOne(running, random, fails);
        }

        for (int i = 0; i < topics.size(); i++) {
            CompletableFuture<Integer> stage = stages.get(i).toCompletableFuture();
            assertThat(stage).isDone();
            assertThat(stage.isCompletedExceptionally()).isEqualTo(fails.get(i));
            if (!fails.get(i)) {
                assertThat(stage.join()).isEqualTo(i);
            }
        }
        assertThat(begun.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
    }

    /** A client may send any number of changes at once, and checks alone end as soon as they begin. */
    @Example
    void aLongQueueDoesNotExhaustTheStack() {
        TopicQueues queues = new TopicQueues();
        CompletableFuture<Integer> first = new CompletableFuture<>();
        queues.run("topic", () -> first);
        List<CompletionStage<Integer>> stages = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            int number = i;
            stages.add(queues.run("topic", () -> {
                if (number % 2 == 0) {
                    throw new IllegalStateException("work " + number);
                }
                return CompletableFuture.completedStage(number);
            }));
        }

        first.complete(0);

        assertThat(stages).allMatch(stage -> stage.toCompletableFuture().isDone());
    }

    private static void endOne(List<Running> running, Random random, List<Boolean> fails) {
        if (running.isEmpty()) {
            return;
        }
        Running ended = running.remove(random.nextInt(running.size()));
        if (fails.get(ended.number())) {
            ended.end().completeExceptionally(new IllegalStateException("work " + ended.number()));
        } else {
            ended.end().complete(ended.number());
        }
    }
}
