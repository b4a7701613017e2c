package io.brokkr.plugin.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogStateTest {

    private static final Duration BACKOFF = Duration.ofSeconds(15);

    private final LogState state = new LogState(BACKOFF);
    private long now = 1_700_000_000_000L;

    private Duration untilNextLook() {
        long step = 1_000;
        long end = now;
        while (!state.isDue(end)) {
            end += step;
        }
        return Duration.ofMillis(end - now);
    }

    private void see(long endOffset, long dueAt) {
        state.seen(new LogLook.Seen(endOffset, false, dueAt, Arrivals.UNKNOWN), now);
    }

    /** Ten thousand logs in which nothing happens must not keep a broker busy. */
    @Test
    void anIdleLogIsLookedAtOnceAnHourInTheEnd() {
        assertThat(state.isDue(now)).isTrue();
        see(7, Long.MAX_VALUE);
        assertThat(untilNextLook()).isEqualTo(BACKOFF);
        int looks = 0;
        while (untilNextLook().compareTo(LogState.LONGEST_WAIT) < 0) {
            now += untilNextLook().toMillis();
            see(7, Long.MAX_VALUE);
            looks++;
        }
        assertThat(looks).isLessThan(6);
        see(7, Long.MAX_VALUE);
        assertThat(untilNextLook()).isEqualTo(LogState.LONGEST_WAIT);
        assertThat(state.isIdle(now)).isTrue();

        see(8, Long.MAX_VALUE);
        assertThat(untilNextLook()).isEqualTo(BACKOFF);
        assertThat(state.isIdle(now)).isFalse();
    }

    @Test
    void whoWritesToAnIdleLogEndsTheWait() {
        see(7, Long.MAX_VALUE);
        for (int looks = 0; looks < 6; looks++) {
            see(7, Long.MAX_VALUE);
        }
        state.written(7);
        assertThat(state.isDue(now)).isFalse();
        state.written(8);
        assertThat(state.isDue(now)).isTrue();
        assertThat(state.isIdle(now)).isFalse();
        see(8, Long.MAX_VALUE);
        assertThat(untilNextLook()).isEqualTo(BACKOFF);
    }

    /** Who writes on does not make compaction try again and again what it cannot do. */
    @Test
    void whatCannotBeCompactedIsNotTriedMoreOftenBecauseItIsWrittenTo() {
        see(7, Long.MAX_VALUE);
        state.failed("damaged", now);
        state.written(8);
        assertThat(state.isDue(now)).isFalse();
    }

    @Test
    void whatIsDueEarlierIsLookedAtThen() {
        see(7, Long.MAX_VALUE);
        see(7, now + 20_000);
        assertThat(untilNextLook()).isEqualTo(Duration.ofSeconds(20));
        assertThat(state.isIdle(now)).isTrue();
        assertThat(state.isIdle(now + 20_000)).isFalse();
        see(7, now - 1);
        assertThat(state.isDue(now)).isTrue();
    }

    @Test
    void otherSettingsEndTheWait() {
        see(7, Long.MAX_VALUE);
        state.configured(Map.of());
        assertThat(state.isDue(now)).isFalse();
        state.configured(Map.of("min.cleanable.dirty.ratio", "0"));
        assertThat(state.isDue(now)).isTrue();
        see(7, Long.MAX_VALUE);
        state.configured(Map.of("min.cleanable.dirty.ratio", "0"));
        assertThat(state.isDue(now)).isFalse();
    }

    @Test
    void aProblemIsNewsOnce() {
        assertThat(state.failed("damaged", now)).isTrue();
        assertThat(state.problem()).isEqualTo("damaged");
        assertThat(state.failed("damaged", now)).isFalse();
        assertThat(state.failed("otherwise", now)).isTrue();
        see(7, Long.MAX_VALUE);
        assertThat(state.problem()).isNull();
    }
}
