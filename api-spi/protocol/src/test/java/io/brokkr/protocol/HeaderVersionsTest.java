package io.brokkr.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.ControlledShutdownRequest;
import io.brokkr.protocol.message.DeleteTopicsRequest;
import io.brokkr.protocol.message.RequestHeader;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Which header goes with which body. The definitions do not say, so Kafka's own classes must. */
class HeaderVersionsTest {

    @Test
    void headersAreThoseOfKafka() throws ReflectiveOperationException {
        for (KafkaRelease release : PublishedDefinitions.RELEASES) {
            Class<?> keys = release.type("org.apache.kafka.common.protocol.ApiKeys");
            Method request = keys.getMethod("requestHeaderVersion", short.class);
            Method response = keys.getMethod("responseHeaderVersion", short.class);
            Method supported = keys.getMethod("isVersionSupported", short.class);
            for (Object key : keys.getEnumConstants()) {
                Api<?> api = Apis.forKey(keys.getField("id").getShort(key));
                assertThat(api).isNotNull();
                for (short version = 0; version <= api.highestVersion(); version++) {
                    if ((boolean) supported.invoke(key, version)) {
                        String pair = key + " v" + version;
                        assertThat((short) api.requestHeaderVersion(version))
                                .as(pair)
                                .isEqualTo(request.invoke(key, version));
                        assertThat((short) api.responseHeaderVersion(version))
                                .as(pair)
                                .isEqualTo(response.invoke(key, version));
                    }
                }
            }
        }
    }

    /** Any client must be able to read the answer that tells it what it may say (KIP-511). */
    @Test
    void apiVersionsIsAnsweredBehindHeader0AtEveryVersion() {
        for (int version = 0; version <= ApiVersionsRequest.HIGHEST_VERSION + 10; version++) {
            assertThat(ApiVersionsRequest.API.responseHeaderVersion(version)).isZero();
        }
        assertThat(ApiVersionsRequest.API.requestHeaderVersion(3)).isEqualTo(2);
    }

    /** The header of a version that nobody serves still says which request must be refused. */
    @Test
    void theHeaderOfAnUnknownVersionCanBeRead() {
        int version = ApiVersionsRequest.HIGHEST_VERSION + 1;
        int headerVersion = ApiVersionsRequest.API.requestHeaderVersion(version);
        ByteBuffer header = RequestHeader.builder()
                .requestApiKey((short) ApiVersionsRequest.API.key())
                .requestApiVersion((short) version)
                .correlationId(77)
                .clientId("someone")
                .build()
                .toBuffer(headerVersion);
        assertThat(RequestHeader.read(new MessageReader(header), headerVersion).correlationId())
                .isEqualTo(77);
    }

    /** A byte too many in the header shifts the whole body. */
    @Test
    void aVersionThatIsNotFlexibleHasNoFlexibleHeader() {
        assertThat(DeleteTopicsRequest.API.responseHeaderVersion(3)).isZero();
        assertThat(DeleteTopicsRequest.API.requestHeaderVersion(3)).isEqualTo(1);
        assertThat(DeleteTopicsRequest.API.responseHeaderVersion(4)).isEqualTo(1);
        assertThat(DeleteTopicsRequest.API.requestHeaderVersion(4)).isEqualTo(2);
    }

    @Test
    void theFirstControlledShutdownHadNoClientId() {
        assertThat(ControlledShutdownRequest.API.requestHeaderVersion(0)).isZero();
        assertThat(ControlledShutdownRequest.API.requestHeaderVersion(1)).isEqualTo(1);
    }

    /** The client id keeps its int16 length even in the flexible header, so that a broker of old can find it. */
    @Test
    void theClientIdIsNeverCompact() {
        ByteBuffer header =
                RequestHeader.builder().clientId("abc").build().toBuffer(2).position(8);
        assertThat(header.getShort()).isEqualTo((short) 3);
    }
}
