package io.brokkr.storage.s3;

import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.HashMap;
import java.util.Map;

/** The engine on the server that all tests share, with a folder in the bucket for each folder on disk. */
record SharedServerFactory(Map<String, String> values) implements StorageEngineFactory {

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public StorageEngine open(StorageContext context) {
        Map<String, String> all = new HashMap<>(settings(
                S3Server.sharedEndpoint(),
                context.dataFolders().get(0).toAbsolutePath().toString()));
        all.putAll(values);
        return new S3StorageEngineFactory().open(new TestContext(context, all));
    }

    /** What it takes to reach a server. */
    static Map<String, String> settings(String endpoint, String keyPrefix) {
        return Map.of(
                "s3.endpoint",
                endpoint,
                "s3.bucket",
                S3Server.BUCKET,
                "s3.key.prefix",
                keyPrefix,
                "s3.path.style",
                "true",
                "s3.access.key",
                S3Server.ACCESS_KEY,
                "s3.secret.key",
                S3Server.SECRET_KEY);
    }
}
