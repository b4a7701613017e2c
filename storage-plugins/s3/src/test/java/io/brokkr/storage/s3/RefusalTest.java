package io.brokkr.storage.s3;

import static io.brokkr.testkit.storage.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.spi.storage.StorageException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** What cannot work is told when the engine is opened: in one line, with the place and what to do. */
class RefusalTest extends ServerTest {

    private AbstractThrowableAssert<?, ?> assertRefused(String... settings) {
        AbstractThrowableAssert<?, ?> refusal =
                assertThatThrownBy(() -> engine(settings)).isInstanceOf(StorageException.class);
        refusal.message().doesNotContain("\n");
        return refusal;
    }

    @Test
    void anUnreachableStore() {
        server.stop();
        assertRefused()
                .hasMessageStartingWith(
                        "cannot list objects in the bucket " + S3Server.BUCKET + " of " + server.endpoint() + ": ")
                .hasMessageContaining("cannot be reached")
                .hasMessageEndingWith("check s3.endpoint, s3.region and the network");
        server.startAgain();
    }

    @Test
    void aNameThatNobodyKnows() {
        assertRefused("s3.endpoint=http://nobody.invalid:9000")
                .hasMessageContaining("http://nobody.invalid:9000")
                .hasMessageContaining("check s3.endpoint");
    }

    @Test
    void aBucketThatIsNotThere() {
        assertRefused("s3.bucket=another-bucket")
                .hasMessageContaining("bucket another-bucket of " + server.endpoint())
                .hasMessageContaining("make the bucket, or correct s3.bucket");
    }

    @Test
    void noBucket() {
        assertRefused("s3.bucket=").hasMessage("s3.bucket is not set: name the bucket that topics are to be kept in");
    }

    @Test
    void aWrongSecret() {
        assertRefused("s3.secret.key=guessed")
                .hasMessageContaining("it is refused (403")
                .hasMessageEndingWith("check s3.access.key, s3.secret.key, and what they allow");
    }

    @Test
    void aWrongAccessKey() {
        assertRefused("s3.access.key=somebody").hasMessageContaining("check s3.access.key");
    }

    @Test
    void anAddressThatIsNone() {
        for (String address : new String[] {"minio:9000", "ftp://minio", "http://", "//minio"}) {
            assertThatThrownBy(() -> engine("s3.endpoint=" + address))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("https://");
        }
    }

    @Test
    void theFolderInTheBucketIsWrittenAsOneLikes() {
        append(open(engine("s3.key.prefix=/clusters/one//"), 1), 1);
        assertThat(server.keys("clusters/one/logs/")).hasSize(1);
        append(open(engine("s3.key.prefix="), 1), 1);
        assertThat(server.keys("logs/")).hasSize(1);
        assertThat(await(engine("s3.key.prefix=").list())).containsExactly(ORDERS);
    }
}
