package io.brokkr.testkit.storage;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.Bytes;
import io.brokkr.spi.storage.MetadataStore;
import io.brokkr.spi.storage.MetadataStore.Change;
import io.brokkr.spi.storage.MetadataStore.Entry;
import io.brokkr.spi.storage.MetadataStoreFactory;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.VersionConflictException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compare-and-set, all-or-none, watches, and what outlives the store. */
public abstract class MetadataStoreContract {

    /** A folder of the test's own. */
    @TempDir
    protected Path folder;

    /** The store under test; another one after {@link #restart}. */
    protected MetadataStore store;

    private StorageFixture fixture;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init")
    protected MetadataStoreContract() {}

    /** The store's factory. */
    protected abstract MetadataStoreFactory factory();

    /** Whether entries outlive the store's end. */
    protected boolean isDurable() {
        return true;
    }

    @BeforeEach
    final void openStore() {
        fixture = new StorageFixture(List.of(folder), Map.of());
        store = factory().open(fixture);
    }

    @AfterEach
    final void closeStore() {
        store.close();
        fixture.close();
    }

    /** Closes the store, and opens another one on the same folder. */
    protected final void restart() {
        closeStore();
        openStore();
    }

    /** A value. */
    protected static Bytes text(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes changes. */
    protected final void commit(Change... changes) {
        await(store.commit(List.of(changes)));
    }

    private @Nullable Entry get(String key) {
        return await(store.get(key));
    }

    private List<String> keys(String prefix) {
        return await(store.list(prefix)).stream().map(Entry::key).toList();
    }

    @Test
    void aStoreIsEmptyAtFirst() {
        assertThat(get("topics/orders")).isNull();
        assertThat(keys("")).isEmpty();
        await(store.commit(List.of()));
    }

    @Test
    void versionsCountTheChangesOfAKey() {
        commit(Change.create("topics/orders", text("one")));
        assertThat(get("topics/orders")).isEqualTo(new Entry("topics/orders", text("one"), 1));
        commit(Change.replace(get("topics/orders"), text("two")));
        assertThat(get("topics/orders")).isEqualTo(new Entry("topics/orders", text("two"), 2));
        commit(new Change("topics/orders", text("three"), Change.ANY));
        assertThat(get("topics/orders")).isEqualTo(new Entry("topics/orders", text("three"), 3));
        commit(Change.delete(get("topics/orders")));
        assertThat(get("topics/orders")).isNull();
        commit(Change.create("topics/orders", Bytes.EMPTY));
        assertThat(get("topics/orders")).isEqualTo(new Entry("topics/orders", Bytes.EMPTY, 1));
    }

    @Test
    void aChangeOfAnotherVersionIsRefused() {
        commit(Change.create("a", text("1")));
        Entry first = get("a");
        commit(Change.replace(first, text("2")));
        assertRefused("a", Change.create("a", text("3")));
        assertRefused("a", Change.replace(first, text("3")));
        assertRefused("a", Change.delete(first));
        assertRefused("b", new Change("b", text("1"), 1));
        assertRefused("b", new Change("b", null, 1));
        assertThat(get("a")).isEqualTo(new Entry("a", text("2"), 2));
    }

    private void assertRefused(String key, Change... changes) {
        assertThatThrownBy(() -> commit(changes))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> assertThat(conflict.key())
                        .isEqualTo(key));
    }

    @Test
    void allChangesOrNone() {
        commit(Change.create("b", text("1")));
        assertRefused("b", Change.create("a", text("1")), new Change("b", text("2"), 7), Change.create("c", text("1")));
        assertThat(keys("")).containsExactly("b");
        commit(Change.create("a", text("1")), new Change("b", null, 1), Change.create("c", text("1")));
        assertThat(keys("")).containsExactly("a", "c");
    }

    @Test
    void deletingWhatIsNotThereWithAnyVersionDoesNothing() {
        commit(new Change("a", null, Change.ANY));
        commit(new Change("a", null, Change.ABSENT));
        assertThat(get("a")).isNull();
    }

    @Test
    void listsAreInTheOrderOfTheKeys() {
        List<String> names =
                List.of("a", "a/", "a/1", "a/10", "a/2", "a0", "b", "B", "ä", "a/\uD83D\uDE00", "a/\uFFFD");
        names.forEach(key -> commit(Change.create(key, text(key))));
        assertThat(keys("")).containsExactlyElementsOf(names.stream().sorted().toList());
        assertThat(keys("a/"))
                .containsExactlyElementsOf(names.stream()
                        .filter(key -> key.startsWith("a/"))
                        .sorted()
                        .toList());
        assertThat(keys("a/1")).containsExactly("a/1", "a/10");
        assertThat(keys("c")).isEmpty();
        assertThat(await(store.list("b"))).containsExactly(new Entry("b", text("b"), 1));
    }

    @Test
    void theLongestKeyAndTheLargestValue() {
        String key = "k".repeat(1024);
        byte[] value = new byte[1 << 20];
        value[1_000_000] = 1;
        commit(Change.create(key, Bytes.copyOf(value)));
        assertThat(get(key)).isEqualTo(new Entry(key, Bytes.copyOf(value), 1));
    }

    @Test
    void oneOfManyWinsEachVersion() throws Exception {
        int threads = 4;
        int rounds = 25;
        commit(Change.create("counter", text("0")));
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(CompletableFuture.runAsync(
                        () -> IntStream.range(0, rounds).forEach(i -> increment()), executor));
            }
            all.forEach(Stages::await);
        } finally {
            executor.shutdownNow();
        }
        assertThat(get("counter"))
                .isEqualTo(new Entry("counter", text("" + threads * rounds), 1L + (long) threads * rounds));
    }

    private void increment() {
        while (true) {
            Entry read = get("counter");
            int next = Integer.parseInt(new String(read.value().toArray(), StandardCharsets.UTF_8)) + 1;
            try {
                commit(Change.replace(read, text(Integer.toString(next))));
                return;
            } catch (VersionConflictException another) {
                // Somebody else was faster.
            }
        }
    }

    @Test
    void listsShowNoHalfCommit() {
        CompletionStage<Void> last = store.commit(List.of());
        for (int i = 0; i < 200; i++) {
            Bytes value = text(Integer.toString(i));
            last = store.commit(List.of(new Change("x", value, Change.ANY), new Change("y", value, Change.ANY)));
            List<Entry> seen = await(store.list(""));
            assertThat(seen.stream().map(Entry::version).distinct().count()).isLessThanOrEqualTo(1);
            assertThat(seen.size()).isIn(0, 2);
        }
        await(last);
        assertThat(get("x").version()).isEqualTo(200);
    }

    /** What a watcher was told. */
    private record Told(String key, @Nullable Entry entry) {}

    private static Told next(LinkedBlockingQueue<Told> told) throws InterruptedException {
        Told next = told.poll(Stages.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        assertThat(next).as("a watcher waits for a change").isNotNull();
        return next;
    }

    @Test
    void aWatcherIsToldOfEveryChangeInOrder() throws Exception {
        commit(Change.create("topics/before", text("0")));
        LinkedBlockingQueue<Told> told = new LinkedBlockingQueue<>();
        store.watch("topics/", (key, entry) -> told.add(new Told(key, entry)));
        commit(Change.create("other", text("0")));
        for (int i = 1; i <= 20; i++) {
            commit(new Change("topics/a", text("" + i), i - 1L));
        }
        commit(new Change("topics/a", null, 20), new Change("topics/before", text("1"), 1));
        for (int i = 1; i <= 20; i++) {
            assertThat(next(told)).isEqualTo(new Told("topics/a", new Entry("topics/a", text("" + i), i)));
        }
        assertThat(List.of(next(told), next(told)))
                .containsExactlyInAnyOrder(
                        new Told("topics/a", null),
                        new Told("topics/before", new Entry("topics/before", text("1"), 2)));
        assertThat(told).isEmpty();
    }

    @Test
    void aRefusedCommitIsNotTold() throws Exception {
        LinkedBlockingQueue<Told> told = new LinkedBlockingQueue<>();
        store.watch("", (key, entry) -> told.add(new Told(key, entry)));
        assertRefused("b", Change.create("a", text("1")), new Change("b", text("1"), 5));
        commit(Change.create("c", text("1")));
        assertThat(next(told).key()).isEqualTo("c");
        assertThat(told).isEmpty();
    }

    @Test
    void aCancelledWatcherIsNotTold() throws Exception {
        LinkedBlockingQueue<Told> cancelled = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Told> going = new LinkedBlockingQueue<>();
        MetadataStore.Watch watch = store.watch("", (key, entry) -> cancelled.add(new Told(key, entry)));
        store.watch("", (key, entry) -> going.add(new Told(key, entry)));
        commit(Change.create("a", text("1")));
        next(cancelled);
        next(going);
        watch.cancel();
        watch.cancel();
        commit(Change.create("b", text("1")));
        next(going);
        assertThat(cancelled).isEmpty();
    }

    @Test
    void aWatcherThatFailsHarmsNobodyElse() throws Exception {
        LinkedBlockingQueue<Told> told = new LinkedBlockingQueue<>();
        store.watch("", (key, entry) -> {
            throw new IllegalStateException("a watcher fails on purpose");
        });
        store.watch("", (key, entry) -> told.add(new Told(key, entry)));
        commit(Change.create("a", text("1")));
        commit(Change.create("b", text("1")));
        assertThat(next(told).key()).isEqualTo("a");
        assertThat(next(told).key()).isEqualTo("b");
    }

    @Test
    void aWatcherMayCommit() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        store.watch("cause", (key, entry) -> store.commit(List.of(Change.create("effect", text("1"))))
                .thenRun(done::countDown));
        commit(Change.create("cause", text("1")));
        assertThat(done.await(Stages.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(get("effect")).isNotNull();
    }

    @Test
    void everythingOutlivesTheStore() {
        Assumptions.assumeTrue(isDurable());
        for (int i = 0; i < 300; i++) {
            commit(Change.create(String.format("topics/%04d", i), text("value " + i)));
        }
        commit(new Change("topics/0007", text("changed"), 1), new Change("topics/0008", null, 1));
        List<Entry> before = await(store.list(""));
        restart();
        assertThat(await(store.list(""))).isEqualTo(before).hasSize(299);
        commit(new Change("topics/0007", text("again"), 2));
        restart();
        assertThat(get("topics/0007")).isEqualTo(new Entry("topics/0007", text("again"), 3));
    }

    @Test
    void whatWasBegunBeforeTheCloseIsDoneOrRefused() {
        Assumptions.assumeTrue(isDurable());
        List<CompletionStage<Void>> commits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            commits.add(store.commit(List.of(Change.create("key" + i, text("1")))));
        }
        restart();
        for (int i = 0; i < 50; i++) {
            boolean done = true;
            try {
                await(commits.get(i));
            } catch (StorageException refused) {
                done = false;
            }
            if (done) {
                assertThat(get("key" + i)).isNotNull();
            }
        }
    }

    @Test
    void aClosedStoreIsOfNoUse() {
        store.close();
        assertThatThrownBy(() -> commit(Change.create("a", text("1")))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> get("a")).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> await(store.list(""))).isInstanceOf(StorageException.class);
        store.close();
    }
}
