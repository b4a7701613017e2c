/** A storage engine that keeps logs in an object store that speaks S3. */
module io.brokkr.storage.s3 {
    requires io.brokkr.spi;
    requires org.slf4j;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.urlconnection;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.services.s3;
    requires static org.jspecify;

    provides io.brokkr.spi.storage.StorageEngineFactory with
            io.brokkr.storage.s3.S3StorageEngineFactory;
}
