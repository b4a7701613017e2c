package io.brokkr.core.partition;

import io.brokkr.pluginhost.HostedPlugin;
import io.brokkr.pluginhost.PluginGate;
import io.brokkr.pluginhost.PluginInterceptors;
import io.brokkr.protocol.record.Record;
import io.brokkr.protocol.record.RecordHeader;
import io.brokkr.spi.Setting;
import io.brokkr.spi.TopicSetting;
import io.brokkr.spi.record.InterceptedBatch;
import io.brokkr.spi.record.RecordInterceptor;
import io.brokkr.spi.record.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Interceptors of plugins that are not there. */
final class TestInterceptors {

    static final TopicSetting<String> SETTING = new TopicSetting<>(
            "test.rule", Setting.Type.STRING, "", "What a test interceptor does.", text -> text, List.of());

    private TestInterceptors() {}

    /** A plugin whose interceptor is the same for all topics. */
    static PluginInterceptors plugin(String name, RecordInterceptor interceptor) {
        HostedPlugin plugin = new HostedPlugin(
                name + "-plugin", "1.0", List.of(), null, TestInterceptors.class.getClassLoader(), List.of());
        return new PluginInterceptors(
                name, List.of(SETTING), topic -> interceptor, new PluginGate(plugin), (what, failure) -> {});
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
