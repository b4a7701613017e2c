package io.brokkr.distribution.wire;

import static io.brokkr.distribution.wire.RecordCalls.NEWEST_PRODUCE;
import static io.brokkr.distribution.wire.TestRecords.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.distribution.wire.RecordCalls.Fetched;
import io.brokkr.spi.NewTopic;
import io.brokkr.spi.Topic;
import io.brokkr.storage.embeddedmetadata.EmbeddedMetadataStoreFactory;
import io.brokkr.storage.log.LogStorageEngineFactory;
import io.brokkr.testkit.EmbeddedBroker;
import io.brokkr.testkit.storage.Stages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bit that fell over on the disk while the broker was stopped, in the value of a record: clients of all versions are told, and get all else. */
class BitRotTest {

    @TempDir
    Path folder;

    private EmbeddedBroker start() {
        return ShippedPlugins.builder(LogStorageEngineFactory::new)
                .extension(EmbeddedMetadataStoreFactory::new)
                .dataFolder(folder)
                .start();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 11, RecordCalls.NEWEST_FETCH})
    void theBatchIsAnsweredWithCorruptMessageAndTheOthersAreServed(int version) throws IOException {
        try (EmbeddedBroker broker = start();
                KafkaConnection connection = new KafkaConnection(broker.connect())) {
            Topic topic = Stages.await(broker.services().topics().create(new NewTopic("orders", 1, 1, Map.of())));
            for (String value : new String[] {"sound", "rotten", "later"}) {
                assertThat(RecordCalls.produce(connection, NEWEST_PRODUCE, topic, batch(value))
                                .error())
                        .isEqualTo(Errors.NONE);
            }
        }
        turnOver("rotten");
        try (EmbeddedBroker broker = start();
                KafkaConnection connection = new KafkaConnection(broker.connect())) {
            Topic topic = broker.services().topics().find("orders");
            assertThat(topic).isNotNull();
            Fetched first = RecordCalls.fetch(connection, version, topic, 0);
            assertThat(first.error()).isEqualTo(Errors.NONE);
            assertThat(text(first)).contains("sound").doesNotContain("otten");
            assertThat(RecordCalls.fetch(connection, version, topic, 1).error()).isEqualTo(Errors.CORRUPT_MESSAGE);
            Fetched last = RecordCalls.fetch(connection, version, topic, 2);
            assertThat(last.error()).isEqualTo(Errors.NONE);
            assertThat(text(last)).contains("later");
        }
    }

    private void turnOver(String value) throws IOException {
        Path file = folder.resolve("orders-0/00000000000000000000.log");
        byte[] content = Files.readAllBytes(file);
        int at = new String(content, StandardCharsets.ISO_8859_1).indexOf(value);
        assertThat(at).isPositive();
        content[at] ^= 1;
        Files.write(file, content);
    }

    private static String text(Fetched fetched) {
        ByteBuffer records = fetched.records().duplicate();
        byte[] bytes = new byte[records.remaining()];
        records.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
