package io.brokkr.plugin.topicadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.testkit.time.VirtualClock;
import io.brokkr.testkit.time.VirtualScheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A client learns what became of its change within the time that it gave, or that the time was too short. */
class DeadlineTest {

    private final VirtualScheduler scheduler = new VirtualScheduler(new VirtualClock(), 1);

    @Property
    void whatComesFirstCounts(
            @ForAll @IntRange(min = 1, max = 1000) int timeoutMillis,
            @ForAll @IntRange(max = 2000) int durationMillis,
            @ForAll boolean fails) {
        Deadline deadline = Deadline.ofMillis(timeoutMillis, scheduler);
        CompletableFuture<String> change = new CompletableFuture<>();

        CompletableFuture<String> awaited = deadline.await(change).toCompletableFuture();
        scheduler.advance(Duration.ofMillis(durationMillis));
        boolean late = durationMillis >= timeoutMillis;
        assertThat(awaited.isDone()).isEqualTo(late);
        if (fails) {
            change.completeExceptionally(new ApiException(ErrorCode.INVALID_CONFIG, "no"));
        } else {
            change.complete("done");
        }
        scheduler.advance(Duration.ofSeconds(10));

        if (!late && !fails) {
            assertThat(awaited.join()).isEqualTo("done");
        } else {
            assertThat(ApiException.errorOf(catchThrowable(awaited::join)))
                    .isEqualTo(late ? ErrorCode.REQUEST_TIMED_OUT : ErrorCode.INVALID_CONFIG);
        }
    }

    @Property
    void whatIsDoneNeedsNoTime(@ForAll @IntRange(min = 1) int timeoutMillis) {
        CompletableFuture<String> change = CompletableFuture.completedFuture("done");

        assertThat(Deadline.ofMillis(timeoutMillis, scheduler).await(change)).isSameAs(change);
    }

    @Property
    void noTimeIsTooLittle(@ForAll @IntRange(min = Integer.MIN_VALUE, max = 0) int timeoutMillis) {
        Throwable failure = catchThrowable(() -> Deadline.ofMillis(timeoutMillis, scheduler));

        assertThat(ApiException.errorOf(failure)).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
    }
}
