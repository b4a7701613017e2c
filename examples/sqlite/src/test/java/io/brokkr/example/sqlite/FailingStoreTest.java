package io.brokkr.example.sqlite;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.spi.storage.simple.BatchStore;
import io.brokkr.spi.storage.simple.BatchStoreEngine;
import io.brokkr.testkit.storage.Batches;
import io.brokkr.testkit.storage.StorageFixture;
import io.brokkr.testkit.storage.TextConfiguration;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link BatchStoreEngine} makes of a database that fails: nobody goes on as if there were what may not be there. */
class FailingStoreTest {

    @TempDir
    private Path folder;

    private StorageFixture fixture;
    private StorageEngine engine;

    /** The name of the method of the store that fails once, or an empty one. */
    private volatile String failing = "";

    @BeforeEach
    void open() throws SQLException {
        fixture = new StorageFixture(List.of(folder), Map.of());
        SqliteStore real = new SqliteStore(folder.resolve("test.db"));
        BatchStore store = (BatchStore) Proxy.newProxyInstance(
                BatchStore.class.getClassLoader(),
                new Class<?>[] {BatchStore.class},
                (proxy, method, arguments) -> call(real, method, arguments));
        engine = new BatchStoreEngine(
                store, "test.db", 2_000, fixture.scheduler().blocking());
    }

    private Object call(BatchStore real, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals(failing)) {
            failing = "";
            throw new SQLException("the disk is full");
        }
        try {
            method.setAccessible(true);
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    @AfterEach
    void close() {
        engine.close();
        fixture.close();
    }

    private PartitionLog log(String topic) {
        LogId id = new LogId(UUID.nameUUIDFromBytes(topic.getBytes(java.nio.charset.StandardCharsets.UTF_8)), topic, 0);
        return await(engine.open(id, 1, new TextConfiguration(Map.of())));
    }

    private static void append(PartitionLog log) {
        await(log.append(Batches.single(log.endOffset(), 1)));
    }

    private static int sizeOfRead(PartitionLog log) {
        try (var data = await(log.read(0, 1_000_000, true, Long.MAX_VALUE))) {
            return data.sizeInBytes();
        }
    }

    private static void assertFails(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(StorageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "commit", "remove", "save", "writeCheckpoint"})
    void afterAFailedChangeOnlyWhatWasCommittedCounts(String change) {
        PartitionLog orders = log("orders");
        PartitionLog bills = log("bills");
        append(orders);
        append(bills);
        await(bills.sync());
        append(orders);

        failing = change;
        switch (change) {
            case "append" -> assertFails(() -> append(bills));
            case "commit" -> assertFails(() -> await(bills.sync()));
            case "writeCheckpoint" ->
                assertFails(() -> await(bills.writeCheckpoint("note", io.brokkr.protocol.Bytes.EMPTY)));
            default -> assertFails(() -> await(bills.trim(1)));
        }

        assertFails(() -> append(orders));
        assertFails(() -> await(orders.sync()));
        assertFails(() -> append(bills));
        assertThat(sizeOfRead(orders)).isEqualTo(Batches.single(0, 1).sizeInBytes());
        PartitionLog again = log("orders");
        assertThat(again.endOffset()).isEqualTo(1);
        append(again);
        await(again.sync());
        assertThat(sizeOfRead(again)).isEqualTo(2 * Batches.single(0, 1).sizeInBytes());
        await(orders.close());
        append(again);
    }

    @Test
    void aFailedReadIsToldAndHarmsNothing() {
        PartitionLog orders = log("orders");
        append(orders);
        failing = "read";
        assertThatThrownBy(() -> sizeOfRead(orders))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("test.db")
                .hasMessageContaining("the disk is full");
        append(orders);
        await(orders.sync());
        assertThat(orders.endOffset()).isEqualTo(2);
    }

    @Test
    void aLogThatCannotBeLoadedIsNotMade() {
        failing = "load";
        assertFails(() -> log("orders"));
        assertThat(await(engine.list())).isEmpty();
        append(log("orders"));
    }
}
