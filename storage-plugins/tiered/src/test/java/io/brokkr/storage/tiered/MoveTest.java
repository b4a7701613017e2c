package io.brokkr.storage.tiered;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.RecordData;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogFencedException;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.StorageLocation;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.TextConfiguration;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What moves when, and what goes on while a tier is not as it should be. */
@Timeout(120)
class MoveTest {

    private static final TextConfiguration NO_SETTINGS = new TextConfiguration(Map.of());

    private final TwoTiers tiers = new TwoTiers();

    @AfterEach
    void close() {
        tiers.close();
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            long offset = tiers.log().endOffset();
            await(tiers.log().append(Batches.single(offset, 1_000 + offset)));
        }
    }

    /** Those that {@link #append} has written. */
    private static byte[] written(long from, long to) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (long offset = from; offset < to; offset++) {
            all.writeBytes(Batches.bytes(Batches.single(offset, 1_000 + offset)));
        }
        return all.toByteArray();
    }

    /** A tier's own log, past the engine. */
    private static PartitionLog logIn(TestTier tier) {
        return await(tier.engine().open(TwoTiers.ID, 1, NO_SETTINGS));
    }

    @Test
    void fullSegmentsMoveAndTheOneThatIsWrittenStays() {
        append(50);
        List<LogSegment> before = tiers.log().segments();
        assertThat(before).hasSizeGreaterThan(5);
        tiers.move();
        long boundary = before.get(before.size() - 1).baseOffset();
        assertThat(tiers.part().endOffset()).isEqualTo(boundary);
        assertThat(logIn(tiers.hot()).startOffset()).isEqualTo(boundary);
        assertThat(TwoTiers.readAll(logIn(tiers.cold()), 0)).isEqualTo(written(0, boundary));
        assertThat(TwoTiers.readAll(logIn(tiers.hot()), boundary)).isEqualTo(written(boundary, 50));
        assertThat(tiers.log().segments()).isEqualTo(before);
        assertThat(tiers.readAll(0)).isEqualTo(written(0, 50));
    }

    @Test
    void aReadDoesNotReachFromOneTierIntoTheOther() throws Exception {
        append(50);
        tiers.move();
        long boundary = tiers.part().endOffset();
        try (RecordData data = await(tiers.log().read(boundary - 2, 10_000, true, Long.MAX_VALUE))) {
            assertThat(data.sizeInBytes()).isEqualTo(written(boundary - 2, boundary).length);
        }
    }

    @Test
    void asMuchStaysAsTheTopicWants() {
        tiers.set("local.retention.bytes", "1000");
        tiers.reopen();
        append(50);
        tiers.move();
        long hotBytes = logIn(tiers.hot()).sizeInBytes();
        LogSegment oldest = logIn(tiers.hot()).segments().get(0);
        assertThat(hotBytes).isGreaterThanOrEqualTo(1_000);
        assertThat(hotBytes - oldest.sizeInBytes()).isLessThan(1_000);
    }

    @Test
    void whatIsYoungStaysAndWhatIsOldMoves() {
        tiers.set("local.retention.bytes", "-2");
        tiers.set("local.retention.ms", Long.toString(Long.MAX_VALUE));
        tiers.reopen();
        append(50);
        tiers.move();
        assertThat(tiers.part()).isEqualTo(ColdPart.NONE);
        tiers.log().reconfigure(new TextConfiguration(Map.of("local.retention.ms", "3600000")));
        tiers.move();
        assertThat(tiers.part().endOffset()).isPositive();
    }

    @Test
    void nothingMovesWithoutASetting() {
        tiers.set("local.retention.bytes", "-2");
        tiers.reopen();
        append(50);
        tiers.move();
        assertThat(tiers.part()).isEqualTo(ColdPart.NONE);
        assertThat(await(tiers.cold().engine().list())).isEmpty();
    }

    @Test
    void whatIsTrimmedInTheColdTierIsForgottenThere() {
        append(50);
        tiers.move();
        await(tiers.log().trim(20));
        assertThat(tiers.log().startOffset()).isEqualTo(20);
        tiers.move();
        assertThat(logIn(tiers.cold()).startOffset()).isEqualTo(20);
        await(tiers.log().trim(50));
        tiers.move();
        assertThat(await(tiers.cold().engine().list())).isEmpty();
        append(50);
        tiers.move();
        assertThat(tiers.readAll(50)).isEqualTo(written(50, 100));
        assertThat(tiers.part().startOffset()).isEqualTo(50);
    }

    @Test
    void aTruncationIntoTheColdTierIsWrittenOnFrom() {
        append(50);
        tiers.move();
        for (long end : new long[] {31, 17, 3, 0}) {
            await(tiers.log().truncate(end));
            assertThat(tiers.log().endOffset()).isEqualTo(end);
            assertThat(tiers.readAll(0)).isEqualTo(written(0, end));
            append(40);
            tiers.restart();
            assertThat(tiers.readAll(0)).isEqualTo(written(0, end + 40));
            tiers.move();
            assertThat(tiers.readAll(0)).isEqualTo(written(0, end + 40));
        }
        assertThat(await(tiers.engine().list())).containsExactly(TwoTiers.ID);
        List<StorageLocation> locations = await(tiers.engine().locations());
        assertThat(locations)
                .allSatisfy(location -> assertThat(location.logSizesInBytes()).containsOnlyKeys(TwoTiers.ID));
        await(tiers.engine().delete(TwoTiers.ID));
        assertThat(await(tiers.hot().engine().list())).isEmpty();
        assertThat(await(tiers.cold().engine().list())).isEmpty();
    }

    @Test
    void whileTheColdTierIsAwayAllElseGoesOn() {
        append(50);
        tiers.move();
        long boundary = tiers.part().endOffset();
        tiers.cold().setFails(true);
        append(50);
        tiers.move();
        assertThat(tiers.part().endOffset()).isEqualTo(boundary);
        assertThat(tiers.readAll(boundary)).isEqualTo(written(boundary, 100));
        assertThatThrownBy(() -> tiers.readAll(0))
                .isInstanceOf(StorageException.class)
                .hasMessage("the cold tier cold cannot be used for orders-0: the tier cold is away");
        await(tiers.log().trim(10));
        tiers.cold().setFails(false);
        tiers.move();
        assertThat(tiers.part().endOffset()).isGreaterThan(boundary);
        assertThat(tiers.readAll(10)).isEqualTo(written(10, 100));
        assertThat(logIn(tiers.cold()).startOffset()).isEqualTo(10);
    }

    @Test
    void aLogIsOpenedWithoutTheColdTier() {
        append(50);
        tiers.move();
        List<LogSegment> segments = tiers.log().segments();
        tiers.cold().setFails(true);
        tiers.restart();
        assertThat(tiers.log().startOffset()).isZero();
        assertThat(tiers.log().endOffset()).isEqualTo(50);
        assertThat(tiers.log().segments()).isEqualTo(segments);
        append(1);
        assertThat(tiers.readAll(50)).isEqualTo(written(50, 51));
        assertThatThrownBy(() -> tiers.readAll(0)).isInstanceOf(StorageException.class);
        assertThat(await(tiers.engine().locations()))
                .filteredOn(location -> location.failure() != null)
                .extracting(StorageLocation::name)
                .containsExactly("cold tier cold");
        tiers.cold().setFails(false);
        assertThat(tiers.readAll(0)).isEqualTo(written(0, 51));
    }

    @Test
    void whatTheColdTierHasLostIsNotPassedOver() {
        append(50);
        tiers.move();
        long boundary = tiers.part().endOffset();
        await(tiers.cold().engine().delete(TwoTiers.ID));
        tiers.restart();
        assertThatThrownBy(() -> tiers.readAll(0))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("it ends at 0, and held offsets up to " + boundary);
        append(50);
        tiers.move();
        assertThat(tiers.part().endOffset()).isEqualTo(boundary);
        await(tiers.log().trim(boundary));
        tiers.move();
        assertThat(tiers.part().endOffset()).isGreaterThan(boundary);
        assertThat(tiers.readAll(boundary)).isEqualTo(written(boundary, 100));
    }

    @Test
    void whatIsNotTheLogsOwnIsLeftInTheColdTier() {
        RecordBatch foreign = Batches.single(7, 7);
        await(logIn(tiers.cold()).append(foreign));
        append(50);
        tiers.move();
        assertThat(tiers.part()).isEqualTo(ColdPart.NONE);
        assertThat(TwoTiers.readAll(logIn(tiers.cold()), 0)).isEqualTo(Batches.bytes(foreign));
        assertThat(tiers.readAll(0)).isEqualTo(written(0, 50));
    }

    @Test
    void whoIsFencedMovesNothing() {
        append(50);
        PartitionLog newer = await(tiers.hot().engine().open(TwoTiers.ID, 2, NO_SETTINGS));
        tiers.move();
        assertThat(newer.startOffset()).isZero();
        assertThat(tiers.part().endOffset()).isZero();
        assertThatThrownBy(() -> append(1)).isInstanceOf(LogFencedException.class);
    }

    @Test
    void aDeletedLogIsGoneFromBothTiers() {
        append(50);
        tiers.move();
        await(tiers.engine().delete(TwoTiers.ID));
        assertThat(await(tiers.hot().engine().list())).isEmpty();
        assertThat(await(tiers.cold().engine().list())).isEmpty();
        assertThatThrownBy(() -> tiers.readAll(0)).isInstanceOf(StorageException.class);
        tiers.move();
        assertThat(await(tiers.cold().engine().list())).isEmpty();
    }
}
