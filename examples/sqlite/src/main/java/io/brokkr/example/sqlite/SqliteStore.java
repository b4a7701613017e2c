package io.brokkr.example.sqlite;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.record.RecordBatch;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.LogSegment;
import io.brokkr.spi.storage.simple.BatchStore;
import io.brokkr.spi.storage.simple.StoredLog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.sqlite.SQLiteConfig;

/** Keeps logs in three tables. Changes are in a transaction that is open all the time, and a commit is synced. */
final class SqliteStore implements BatchStore {

    private final Connection connection;

    SqliteStore(Path file) throws SQLException {
        SQLiteConfig settings = new SQLiteConfig();
        settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // A commit returns when the device has it. SQLite's own default leaves that to the next checkpoint.
        settings.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        connection = settings.createConnection("jdbc:sqlite:" + file);
        update("CREATE TABLE IF NOT EXISTS log (id PRIMARY KEY, leader_epoch, start_offset, end_offset)");
        update("CREATE TABLE IF NOT EXISTS checkpoint (log, name, content, PRIMARY KEY (log, name))");
        // The key holds all that is asked without the bytes, so that large rows are not touched for it.
        update("CREATE TABLE IF NOT EXISTS batch (log, last_offset, segment, max_timestamp, size, bytes,"
                + " PRIMARY KEY (log, last_offset, segment, max_timestamp, size))");
        connection.setAutoCommit(false);
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private void update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            statement.executeUpdate();
        }
    }

    private <T> List<T> query(Row<T> row, String sql, Object... values) throws SQLException {
        List<T> all = new ArrayList<>();
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                all.add(row.read(rows));
            }
        }
        return all;
    }

    private static String key(LogId id) {
        return id.topicId() + "/" + id.topic() + "/" + id.partition();
    }

    private static LogId id(String key) {
        String[] parts = key.split("/", 3);
        return new LogId(UUID.fromString(parts[0]), parts[1], Integer.parseInt(parts[2]));
    }

    @Override
    public List<LogId> list() throws SQLException {
        return query(row -> id(row.getString(1)), "SELECT id FROM log");
    }

    @Override
    public Optional<StoredLog> load(LogId id) throws SQLException {
        List<LogSegment> segments = query(
                row -> new LogSegment(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                "SELECT segment, MAX(last_offset) + 1, SUM(size), MAX(max_timestamp) FROM batch"
                        + " WHERE log = ? GROUP BY segment ORDER BY segment",
                key(id));
        return query(
                        row -> new StoredLog(row.getInt(1), row.getLong(2), row.getLong(3), segments),
                        "SELECT leader_epoch, start_offset, end_offset FROM log WHERE id = ?",
                        key(id))
                .stream()
                .findFirst();
    }

    @Override
    public void save(LogId id, int leaderEpoch, long startOffset, long endOffset) throws SQLException {
        update("REPLACE INTO log VALUES (?, ?, ?, ?)", key(id), leaderEpoch, startOffset, endOffset);
    }

    @Override
    public void delete(LogId id) throws SQLException {
        update("DELETE FROM batch WHERE log = ?", key(id));
        update("DELETE FROM checkpoint WHERE log = ?", key(id));
        update("DELETE FROM log WHERE id = ?", key(id));
    }

    @Override
    public void append(LogId id, long segment, RecordBatch batch) throws SQLException {
        byte[] bytes = new byte[batch.sizeInBytes()];
        batch.buffer().get(bytes);
        String sql = "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?)";
        update(sql, key(id), batch.lastOffset(), segment, batch.maxTimestamp(), bytes.length, bytes);
    }

    @Override
    public void remove(LogId id, long fromOffset, long toOffset) throws SQLException {
        String sql = "DELETE FROM batch WHERE log = ? AND last_offset >= ? AND last_offset < ?";
        update(sql, key(id), fromOffset, toOffset);
    }

    @Override
    public void read(LogId id, long offset, Reader reader) throws SQLException {
        String sql = "SELECT bytes FROM batch WHERE log = ? AND last_offset >= ? ORDER BY last_offset";
        try (PreparedStatement statement = prepare(sql, key(id), offset);
                ResultSet rows = statement.executeQuery()) {
            boolean wanted = true;
            while (wanted && rows.next()) {
                wanted = reader.take(ByteBuffer.wrap(rows.getBytes(1)));
            }
        }
    }

    @Override
    public void writeCheckpoint(LogId id, String name, Bytes content) throws SQLException {
        update("REPLACE INTO checkpoint VALUES (?, ?, ?)", key(id), name, content.toArray());
    }

    @Override
    public Optional<Bytes> readCheckpoint(LogId id, String name) throws SQLException {
        String sql = "SELECT content FROM checkpoint WHERE log = ? AND name = ?";
        return query(row -> Bytes.copyOf(row.getBytes(1)), sql, key(id), name).stream()
                .findFirst();
    }

    @Override
    public void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
