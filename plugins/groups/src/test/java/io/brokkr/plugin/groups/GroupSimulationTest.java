package io.brokkr.plugin.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.plugin.groups.SimulatedConsumer.Phase;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

/**
 * Random lives of groups under a virtual clock: consumers of all versions come, go, crash and commit, the log is slow or fails, the coordinator crashes.
 * The seed is the whole story; a failure prints it.
 */
class GroupSimulationTest {

    private static final List<String> GROUPS = List.of("orders", "payments");
    private static final int PARTITIONS = 3;

    /** The longest time-outs of the simulated consumers, of the commit, and a step of the clock. */
    private static final Duration LONGEST_WAIT =
            Duration.ofSeconds(20).plusSeconds(5).plusSeconds(3);

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void groupsStayConsistent(@ForAll long seed) {
        World world = new World(seed);
        for (int i = 0; i < 250; i++) {
            world.step();
            world.check();
        }
        world.settle();
        world.check();
        world.checkSettled();
        // A coordinator that begins with nothing but the log comes to the same.
        world.restart();
        world.checkSettled();
        Statistics.label("five generations that members worked in")
                .collect(world.generations.size() >= 5)
                .coverage(checker -> checker.check(true).percentage(share -> share > 50));
        Statistics.label("five commits that were confirmed")
                .collect(world.commits.confirmedCount() >= 5)
                .coverage(checker -> checker.check(true).percentage(share -> share > 50));
    }

    /** A generation as its members saw it: what the leader assigned begins with a token of its own. */
    private record Generation(String groupId, int number) {}

    private record Seen(String protocolName, String token) {}

    private static final class World {

        private final Random random;
        private final TestCoordinator coordinator;
        private final List<SimulatedConsumer> consumers = new ArrayList<>();
        private final Map<Generation, Seen> generations = new HashMap<>();
        private final CommitModel commits = new CommitModel();
        private int instances;
        private long nextOffset;
        private boolean logIsWell = true;

        World(long seed) {
            random = new Random(seed);
            coordinator = new TestCoordinator(TestCoordinator.SETTINGS, new MemoryOffsetsLog(16 * 1024), seed);
        }

        void step() {
            switch (random.nextInt(24)) {
                case 0, 1, 2 -> arrive();
                case 3 -> anyone().ifPresent(SimulatedConsumer::leave);
                case 4 -> anyone().ifPresent(SimulatedConsumer::crash);
                case 5 -> anyone().ifPresent(this::replace);
                case 6, 7, 8, 9, 10 -> anyone().ifPresent(this::commit);
                case 11 ->
                    anyone().filter(consumer -> consumer.phase == Phase.IN).ifPresent(SimulatedConsumer::sendJoin);
                case 12 -> anyone().filter(SimulatedConsumer::isWaiting).ifPresent(SimulatedConsumer::sendJoin);
                case 13 -> troubleTheLog();
                case 14 -> {
                    if (random.nextInt(4) == 0) {
                        restart();
                    }
                }
                default -> advance(Duration.ofMillis(1 + random.nextInt(3000)));
            }
            everyone();
        }

        private void arrive() {
            if (consumers.stream()
                            .filter(consumer -> consumer.phase != Phase.GONE)
                            .count()
                    < 30) {
                String instanceId = random.nextInt(4) == 0 ? "instance-" + instances++ : null;
                add(GROUPS.get(random.nextInt(GROUPS.size())), instanceId);
            }
        }

        private void add(String groupId, String instanceId) {
            consumers.add(new SimulatedConsumer(groupId, instanceId, coordinator, random));
        }

        private java.util.Optional<SimulatedConsumer> anyone() {
            List<SimulatedConsumer> alive = consumers.stream()
                    .filter(consumer -> consumer.phase != Phase.GONE)
                    .toList();
            return alive.isEmpty()
                    ? java.util.Optional.empty()
                    : java.util.Optional.of(alive.get(random.nextInt(alive.size())));
        }

        /** Another client appears under a static consumer's name; the old one may not know it yet. */
        private void replace(SimulatedConsumer consumer) {
            if (consumer.instanceId != null) {
                if (random.nextBoolean()) {
                    consumer.crash();
                }
                add(consumer.groupId, consumer.instanceId);
            }
        }

        private void commit(SimulatedConsumer consumer) {
            int partition = random.nextInt(PARTITIONS);
            long offset = nextOffset++;
            CommittedOffset committed = new CommittedOffset(
                    offset, -1, "", coordinator.clock.millis(), CommittedOffset.NONE, CommittedOffset.UNKNOWN_TOPIC);
            CompletableFuture<ErrorCode> outcome =
                    coordinator.commit(consumer.commitRequest(), 8, new TopicPartition("topic", partition), committed);
            commits.committed(consumer.groupId, partition, offset, outcome);
        }

        private void troubleTheLog() {
            switch (random.nextInt(3)) {
                case 0 -> {
                    coordinator.log.hold();
                    logIsWell = false;
                }
                case 1 -> {
                    coordinator.log.failAppends(true);
                    logIsWell = false;
                }
                default -> cureTheLog();
            }
        }

        private void cureTheLog() {
            coordinator.log.failAppends(false);
            coordinator.log.release();
            logIsWell = true;
        }

        void restart() {
            cureTheLog();
            coordinator.restart();
        }

        private void advance(Duration duration) {
            coordinator.advance(duration);
        }

        private void everyone() {
            for (SimulatedConsumer consumer : List.copyOf(consumers)) {
                Phase before = consumer.phase;
                consumer.step();
                if (consumer.phase == Phase.IN && before != Phase.IN) {
                    note(consumer);
                }
            }
        }

        /** All members of a generation have the same protocol, and their assignments of one and the same leader. */
        private void note(SimulatedConsumer consumer) {
            String text = new String(consumer.assignment.toArray(), StandardCharsets.UTF_8);
            Seen seen = new Seen(consumer.protocolName, text.substring(0, text.lastIndexOf('/')));
            assertThat(generations.computeIfAbsent(
                            new Generation(consumer.groupId, consumer.generation), generation -> seen))
                    .as("the generation of %s", consumer)
                    .isEqualTo(seen);
        }

        /** All is well from here on, and time passes. */
        void settle() {
            cureTheLog();
            for (int i = 0; i < 240; i++) {
                advance(Duration.ofMillis(500));
                everyone();
                check();
            }
        }

        void check() {
            for (SimulatedConsumer consumer : consumers) {
                if (consumer.isWaiting()) {
                    long waited = coordinator.clock.nanos() - consumer.waitingSinceNanos;
                    assertThat(Duration.ofNanos(waited))
                            .as("%s waits", consumer)
                            .isLessThanOrEqualTo(LONGEST_WAIT);
                }
            }
            if (logIsWell) {
                GROUPS.forEach(this::check);
            }
        }

        private void check(String groupId) {
            Group group = coordinator.group(groupId);
            if (group == null) {
                return;
            }
            // Static members that are away keep their place, and may be too many for a while.
            assertThat(group.members().stream()
                            .filter(member -> group.is(GroupState.PREPARING_REBALANCE)
                                    ? member.isAwaitingJoin()
                                    : member.instanceId() == null)
                            .count())
                    .isLessThanOrEqualTo(TestCoordinator.SETTINGS.maxSize());
            switch (group.state()) {
                case EMPTY -> assertThat(group.members()).isEmpty();
                case PREPARING_REBALANCE -> {
                    if (group.rebalance().endsWhenAllHaveJoined()) {
                        assertThat(group.hasAllMembersJoined()).isFalse();
                    }
                }
                case COMPLETING_REBALANCE, STABLE -> checkGeneration(group);
                case DEAD -> throw new AssertionError(groupId + " is dead and there");
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                CommittedOffset offset = group.offsets().get("topic", partition);
                assertThat(commits.possible(groupId, partition))
                        .as("the offset of %s in partition %d", groupId, partition)
                        .contains(offset == null ? CommitModel.NOTHING : offset.offset());
            }
            if (random.nextInt(20) == 0) {
                checkLog(group);
            }
        }

        private void checkGeneration(Group group) {
            assertThat(group.member(group.leaderId()))
                    .as("the leader of %s", group.id())
                    .isNotNull();
            assertThat(group.members()).allSatisfy(member -> {
                assertThat(member.isAwaitingJoin()).isFalse();
                assertThat(member.protocols())
                        .anyMatch(protocol -> protocol.name().equals(group.protocolName()));
            });
            if (group.is(GroupState.STABLE)) {
                assertThat(group.members()).noneMatch(Member::isAwaitingAnswer);
            }
        }

        /** What is in memory is what the log makes of nothing. */
        private void checkLog(Group group) {
            GroupRegistry read = new GroupRegistry(
                    onExpiry -> new Deadline(coordinator.clock, coordinator.scheduler, Runnable::run, () -> {}),
                    new Rebalancing(TestCoordinator.SETTINGS, coordinator.clock));
            for (ByteBuffer batch : coordinator.log.batches()) {
                for (Record written : RecordBatch.of(batch.duplicate()).records()) {
                    read.apply(CoordinatorRecord.read(written.key(), written.value()));
                }
            }
            Group again = read.find(group.id());
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(again == null ? null : again.offsets().get("topic", partition))
                        .isEqualTo(group.offsets().get("topic", partition));
            }
            if (group.is(GroupState.STABLE) || (group.is(GroupState.EMPTY) && group.isRecorded())) {
                assertThat(again).isNotNull();
                assertThat(again.state()).isEqualTo(group.state());
                assertThat(again.snapshot(again.stateTimestamp(), Member::assignment))
                        .isEqualTo(group.snapshot(group.stateTimestamp(), Member::assignment));
            }
        }

        void checkSettled() {
            for (String groupId : GROUPS) {
                Set<String> in = new HashSet<>();
                Set<Integer> generationsInUse = new HashSet<>();
                consumers.stream()
                        .filter(consumer -> consumer.groupId.equals(groupId) && consumer.phase != Phase.GONE)
                        .forEach(consumer -> {
                            assertThat(consumer.phase).as("%s", consumer).isEqualTo(Phase.IN);
                            in.add(consumer.memberId);
                            generationsInUse.add(consumer.generation);
                        });
                Group group = coordinator.group(groupId);
                if (group == null) {
                    assertThat(in).isEmpty();
                    continue;
                }
                assertThat(group.members().stream().map(Member::id)).containsExactlyInAnyOrderElementsOf(in);
                if (!in.isEmpty()) {
                    assertThat(group.state()).isEqualTo(GroupState.STABLE);
                    assertThat(generationsInUse).containsExactly(group.generation());
                }
            }
        }
    }
}
