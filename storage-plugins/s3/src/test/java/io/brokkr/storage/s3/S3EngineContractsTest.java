package io.brokkr.storage.s3;

import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.testkit.storage.StorageEngineContracts;
import java.util.Map;

/** The contracts against a server that speaks S3, on objects so small that every test has many. They are not merged, so that segments stay what a test has seen. */
class S3EngineContractsTest extends StorageEngineContracts {

    @Override
    protected StorageEngineFactory factory() {
        return new SharedServerFactory(Map.of("s3.upload.max.bytes", "6000", "s3.object.bytes", "0"));
    }
}
