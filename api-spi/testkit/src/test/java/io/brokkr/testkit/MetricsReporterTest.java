package io.brokkr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.StartException;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.BrokerConfiguration;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.MetricFamily;
import io.brokkr.spi.MetricsReporter;
import io.brokkr.spi.Setting;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a broker starts its reporters and ends them, and what they see. */
@Timeout(60)
class MetricsReporterTest {

    private static final Setting<String> TITLE = Setting.text("report.title", "untitled", "A title.");

    private final List<String> events = new ArrayList<>();

    /** Notes what becomes of it. */
    private class Reporter implements MetricsReporter {

        private Supplier<List<MetricFamily>> metrics = List::of;

        @Override
        public List<Setting<?>> settings() {
            return List.of(TITLE);
        }

        @Override
        public void start(Supplier<List<MetricFamily>> all, BrokerConfiguration configuration) {
            metrics = all;
            events.add("started " + configuration.get(TITLE));
        }

        @Override
        public void close() {
            events.add("closed " + value("brokkr_appended_records_total"));
        }

        double value(String name) {
            return metrics.get().stream()
                    .filter(family -> family.name().equals(name))
                    .mapToDouble(family -> family.samples().get(0).value())
                    .findFirst()
                    .orElse(Double.NaN);
        }
    }

    /** Notes when it is opened and closed. */
    private class Engine implements StorageEngineFactory {

        private final RefusingEngine.Factory factory = new RefusingEngine.Factory();

        @Override
        public String name() {
            return factory.name();
        }

        @Override
        public StorageEngine open(StorageContext context) {
            events.add("storage");
            return factory.open(context);
        }
    }

    private class Handlers extends ClusterHandlers {
        @Override
        public List<ApiHandler<?>> create(BrokerServices broker) {
            broker.metrics().gauge("mine", "Mine.", Map.of("of", "a"), () -> 7);
            return super.create(broker);
        }

        @Override
        public void close() {
            events.add("handlers closed");
        }
    }

    private EmbeddedBroker.Builder broker() {
        return EmbeddedBroker.builder().extension(Engine::new).extension(Handlers::new);
    }

    @Test
    void worksFromBeforeTheStorageIsOpenUntilAllElseHasEnded() {
        Reporter reporter = new Reporter();
        try (EmbeddedBroker broker = broker().extension(() -> reporter)
                .setting("report.title", "mine")
                .start()) {
            assertThat(events).containsExactly("started mine", "storage");
            assertThat(broker.services().apis()).isNotEmpty();
            assertThat(reporter.value("mine")).isEqualTo(7);
            assertThat(reporter.value("brokkr_connections_total")).isZero();
        }
        assertThat(events).containsExactly("started mine", "storage", "handlers closed", "closed 0.0");
    }

    @Test
    void whatTheConfigurationAsksForAndCannotBeDoneIsAStartError() {
        class Refusing extends Reporter {
            @Override
            public void start(Supplier<List<MetricFamily>> all, BrokerConfiguration configuration) {
                throw new ApiException(ErrorCode.INVALID_CONFIG, "no title is good enough");
            }
        }
        assertThatThrownBy(() -> broker().extension(Reporter::new)
                        .extension(() -> new Refusing())
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessage("no title is good enough");
        assertThat(events).containsExactly("started untitled", "closed NaN");
    }

    @Test
    void oneThatFailsOtherwiseIsLeftOutAndTheRestRuns() {
        class Failing extends Reporter {
            @Override
            public void start(Supplier<List<MetricFamily>> all, BrokerConfiguration configuration) {
                throw new IllegalStateException("as the test wants it");
            }
        }
        try (EmbeddedBroker broker =
                broker().extension(() -> new Failing()).extension(Reporter::new).start()) {
            assertThat(broker.services().apis()).isNotEmpty();
            assertThat(events).containsExactly("started untitled", "storage");
        }
        assertThat(events).containsExactly("started untitled", "storage", "handlers closed", "closed 0.0");
    }
}
