package io.brokkr.core;

import io.brokkr.spi.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A setting that the configuration of this broker, with these plugins, may hold.
 *
 * @param owner who reads it: {@code the core}, {@code the plugin groups}
 * @param names the names under which it can be given, the strongest first
 * @param defaultText the default as one would write it under the first name, null for none
 * @param documentation for the operator
 */
public record DescribedSetting(String owner, List<String> names, @Nullable String defaultText, String documentation) {

    static DescribedSetting of(String owner, Setting<?> setting) {
        return new DescribedSetting(
                owner, setting.brokerNames().toList(), setting.defaultText(), setting.documentation());
    }
}
