package io.brokkr.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.InitProducerIdRequest;
import io.brokkr.protocol.message.ProduceRequest;
import io.brokkr.protocol.message.ProduceResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Error codes and API ranges, held against Kafka's own classes. */
class GeneratedConstantsTest {

    @Test
    void errorCodesAreThoseOfKafka() throws ReflectiveOperationException {
        KafkaRelease release = PublishedDefinitions.RELEASES.get(0);
        Class<?> errors = release.type("org.apache.kafka.common.protocol.Errors");
        Class<?> retriable = release.type("org.apache.kafka.common.errors.RetriableException");
        List<String> theirs = new ArrayList<>();
        for (Object error : errors.getEnumConstants()) {
            Object code = errors.getMethod("code").invoke(error);
            Object exception = errors.getMethod("exception").invoke(error);
            theirs.add(error + " " + code + " " + retriable.isInstance(exception));
        }
        List<String> ours = new ArrayList<>();
        for (ErrorCode error : ErrorCode.values()) {
            ours.add(error + " " + error.code() + " " + error.retriable());
            assertThat(ErrorCode.forCode(error.code())).isEqualTo(error);
        }
        assertThat(ours).containsExactlyInAnyOrderElementsOf(theirs);
    }

    @Test
    void anErrorCodeWithoutMeaningIsAnUnknownError() {
        assertThat(ErrorCode.forCode(12_345)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(ErrorCode.forCode(-2)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void settersTakeAnErrorCodeAsItIs() {
        ProduceResponse.PartitionProduceResponse response = ProduceResponse.PartitionProduceResponse.builder()
                .errorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER)
                .build();
        assertThat(ErrorCode.forCode(response.errorCode())).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    /** An API covers all versions that any of the releases holds for stable. */
    @Test
    void apisCoverTheStableVersionsOfAllReleases() throws ReflectiveOperationException {
        Map<Integer, String> expected = new HashMap<>();
        Map<Integer, int[]> ranges = new HashMap<>();
        for (KafkaRelease release : PublishedDefinitions.RELEASES) {
            Class<?> keys = release.type("org.apache.kafka.common.protocol.ApiKeys");
            for (Object key : keys.getEnumConstants()) {
                int lowest = (short) keys.getMethod("oldestVersion").invoke(key);
                int highest =
                        (short) keys.getMethod("latestVersion", boolean.class).invoke(key, false);
                int id = keys.getField("id").getShort(key);
                int[] range = ranges.computeIfAbsent(id, absent -> new int[] {Integer.MAX_VALUE, -1});
                if (lowest <= highest) {
                    range[0] = Math.min(range[0], lowest);
                    range[1] = Math.max(range[1], highest);
                    expected.put(id, range[0] + " to " + range[1]);
                }
            }
        }
        Map<Integer, String> ours = new HashMap<>();
        for (int key = 0; key <= Apis.highestKey(); key++) {
            Api<?> api = Apis.forKey(key);
            assertThat(api).isNotNull();
            assertThat(api.key()).isEqualTo(key);
            ours.put(key, api.lowestVersion() + " to " + api.highestVersion());
        }
        assertThat(ours).isEqualTo(expected);
        assertThat(Apis.forKey(-1)).isNull();
        assertThat(Apis.forKey(Apis.highestKey() + 1)).isNull();
    }

    @Test
    void anApiLeavesOutWhatIsUnstable() {
        assertThat(InitProducerIdRequest.HIGHEST_VERSION).isEqualTo(6);
        assertThat(InitProducerIdRequest.API.highestVersion()).isEqualTo(5);
    }

    @Test
    void versionsThatTheNewestReleaseDroppedAreThere() {
        assertThat(ProduceRequest.API.lowestVersion()).isZero();
        assertThat(FetchRequest.API.lowestVersion()).isZero();
    }

    @Test
    void anApiIsNarrowedAndNeverWidened() {
        Api<FetchRequest> narrow = FetchRequest.API.versions(4, 12);
        assertThat(narrow.serves(3)).isFalse();
        assertThat(narrow.serves(4)).isTrue();
        assertThat(narrow.serves(12)).isTrue();
        assertThat(narrow.serves(13)).isFalse();
        assertThatThrownBy(() -> narrow.versions(3, 12)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> narrow.versions(5, 4)).isInstanceOf(IllegalArgumentException.class);
    }
}
