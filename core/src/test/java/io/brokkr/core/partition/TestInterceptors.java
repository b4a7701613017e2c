package io.brokkr.core.partition;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginGate;
import io.brokkr.pluginhost.PluginInterceptors;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.spi.Setting;
import io.brokkr.spi.Topic;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.record.InterceptedBatch;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.RecordInterceptors;
import io.brokkr.spi.record.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Interceptors of plugins that are not there. */
final class TestInterceptors {

    static final TopicSetting<String> SETTING = new TopicSetting<>(
            "test.rule", Setting.Type.STRING, "", "What a test interceptor does.", text -> text, List.of());

    private TestInterceptors() {}

    /** A plugin whose interceptor of what is produced is the same for all topics. */
    static PluginInterceptors plugin(String name, RecordInterceptor interceptor) {
        return of(name, topic -> interceptor);
    }

    /** A plugin whose interceptor of what is fetched is the same for all topics. */
    static PluginInterceptors fetching(String name, RecordInterceptor interceptor) {
        return of(name, new RecordInterceptors() {
            @Override
            public @Nullable RecordInterceptor onProduce(Topic topic) {
                return null;
            }

            @Override
            public RecordInterceptor onFetch(Topic topic) {
                return interceptor;
            }
        });
    }

    private static PluginInterceptors of(String name, RecordInterceptors interceptors) {
        HostedPlugin plugin = new HostedPlugin(
                name + "-plugin", "1.0", List.of(), null, TestInterceptors.class.getClassLoader(), List.of());
        return new PluginInterceptors(
                name, List.of(SETTING), interceptors, new PluginGate(plugin), (what, failure) -> {});
    }

    static RecordInterceptor quick(Function<Record, Verdict> judge) {
        return new RecordInterceptor() {
            @Override
            public void intercept(InterceptedBatch batch) {
                batch.forEach(judge);
            }

            @Override
            public boolean isQuick() {
                return true;
            }
        };
    }

    static RecordInterceptor judge(Function<Record, Verdict> judge) {
        return batch -> batch.forEach(judge);
    }

    /** Says in a header of each record that it was there. */
    static RecordInterceptor stamp(String name) {
        return judge(record -> {
            List<RecordHeader> headers = new ArrayList<>(record.headers());
            headers.add(new RecordHeader(name, null));
            return Verdict.replace(record.value(), headers);
        });
    }

    static String text(Record record) {
        return StandardCharsets.UTF_8.decode(record.value()).toString();
    }
}
