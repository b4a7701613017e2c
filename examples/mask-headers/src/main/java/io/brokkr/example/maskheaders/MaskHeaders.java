package io.brokkr.example.maskheaders;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.RecordInterceptorFactory;
import io.brokkr.spi.record.RecordInterceptors;
import java.util.List;

/** Sees to it that nobody reads the values of certain headers. */
public final class MaskHeaders implements RecordInterceptorFactory {

    static final TopicSetting<List<String>> HEADERS = TopicSetting.of(
            Setting.list(
                    "mask.headers",
                    "",
                    "The headers whose values are replaced by ***: before they are stored if record.interceptors names"
                            + " mask-headers, for consumers alone if record.interceptors.fetch does."),
            List.of());

    /** For {@link java.util.ServiceLoader}. */
    public MaskHeaders() {}

    @Override
    public String name() {
        return "mask-headers";
    }

    @Override
    public List<TopicSetting<?>> topicSettings() {
        return List.of(HEADERS);
    }

    @Override
    public RecordInterceptors create(BrokerServices broker) {
        return new RecordInterceptors() {
            @Override
            public RecordInterceptor onProduce(Topic topic) {
                return masking(topic);
            }

            @Override
            public RecordInterceptor onFetch(Topic topic) {
                return masking(topic);
            }
        };
    }

    private static RecordInterceptor masking(Topic topic) {
        List<String> masked = topic.configuration().get(HEADERS);
        return masked.isEmpty() ? null : new MaskingInterceptor(masked);
    }
}
