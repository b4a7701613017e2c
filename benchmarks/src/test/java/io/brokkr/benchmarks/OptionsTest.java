package io.brokkr.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {
    @Test
    void whatIsNotGivenHasADefault() {
        Options options = Options.parse("--rounds", "1", "--gigabytes", "0.5", "--measures", "idle", "--growth", "7,8");

        assertThat(options.rounds()).isEqualTo(1);
        assertThat(options.gigabytes()).isEqualTo(0.5);
        assertThat(options.measures()).containsExactly("idle");
        assertThat(options.growth()).containsExactly(7, 8);
        assertThat(options.coldGigabytes()).isEqualTo(3);
        assertThat(options.connections()).containsExactly(1, 10, 100, 500);
    }

    @Test
    void aQuickRunIsSmallerUnlessItIsToldOtherwise() {
        Options options = Options.parse("--scale", "quick", "--members", "49");

        assertThat(options.gigabytes()).isLessThan(Options.parse().gigabytes());
        assertThat(options.rate()).isEqualTo(Options.parse().rate());
        assertThat(options.members()).isEqualTo(49);
    }

    @Test
    void everyWorkloadOfTheGoalsIsThere(@TempDir Path folder) throws Exception {
        Options options = Options.parse("--scale", "goals");

        List<Workload> chosen = options.chosen(new Workloads(new Bench(folder, null, null), options).all());

        assertThat(chosen).hasSize(options.measures().size());
        assertThat(options.growth()).contains(options.manyPartitions());
    }

    @Test
    void mistakesAreRefused() {
        assertThatThrownBy(() -> Options.parse("--round", "1"))
                .hasMessageContaining("--round")
                .hasMessageNotContaining("--rounds");
        assertThatThrownBy(() -> Options.parse("--rounds")).hasMessageContaining("wants a value");
        assertThatThrownBy(() -> Options.parse("--scale", "huge")).hasMessageContaining("full, quick or goals");
    }

    @Test
    void aNamedWorkloadIsRunAloneAndAnUnknownOneIsAnsweredWithAll() {
        List<Workload> all = List.of(new IdleMeasure(null, 1), new StartMeasure(null, Options.parse()));

        assertThat(Options.parse("--measures", "start").chosen(all)).containsExactly(all.get(1));
        assertThat(Options.parse().chosen(all)).isEqualTo(all);
        assertThatThrownBy(() -> Options.parse("--measures", "speed").chosen(all))
                .hasMessageContaining("idle,start");
    }

    @Property
    void onlyASyncedApacheKafkaIsGivenLess(
            @ForAll @LongRange(min = 1, max = 10_000_000) long records,
            @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
        Options options = Options.parse("--synced-kafka-share", Double.toString(share));
        ProducerLoad load = ProducerLoad.unlimited(records, 100, "acks=all");

        for (Durability durability : Durability.values()) {
            Contender kafka = new Contender(Contender.KAFKA, null, durability, Map.of());
            long given = options.loadFor(kafka, load).records();
            assertThat(given)
                    .isEqualTo(durability == Durability.SYNCED ? Math.max(1, Math.round(records * share)) : records);
            assertThat(options.loadFor(Contender.brokkr(Path.of("any"), durability), load))
                    .isEqualTo(load);
        }
    }
}
