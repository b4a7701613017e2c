/** Opens and makes compressed records: gzip, Snappy, LZ4, Zstandard. */
module io.brokkr.plugin.compression {
    requires io.brokkr.spi;
    requires com.github.luben.zstd_jni;
    requires org.lz4.java;
    requires static org.jspecify;

    exports io.brokkr.plugin.compression to
            io.brokkr.benchmarks;

    provides io.brokkr.protocol.record.CompressionCodec with
            io.brokkr.plugin.compression.GzipCodec,
            io.brokkr.plugin.compression.SnappyCodec,
            io.brokkr.plugin.compression.Lz4Codec,
            io.brokkr.plugin.compression.ZstdCodec;
}
