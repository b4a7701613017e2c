/** A storage engine: logs in an SQLite database. */
module io.brokkr.example.sqlite {
    requires io.brokkr.spi;
    requires java.sql;
    requires org.xerial.sqlitejdbc;

    provides io.brokkr.spi.storage.StorageEngineFactory with
            io.brokkr.example.sqlite.SqliteStorageEngineFactory;
}
