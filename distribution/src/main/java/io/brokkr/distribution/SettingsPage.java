package io.brokkr.distribution;

import io.brokkr.core.DescribedSetting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes settings as a configuration file in which every one has its default, commented out. */
final class SettingsPage {

    private static final int LINE_LENGTH = 120;

    private SettingsPage() {}

    static String of(List<DescribedSetting> settings) {
        Map<String, StringBuilder> byOwner = new LinkedHashMap<>();
        settings.stream()
                .map(DescribedSetting::owner)
                .sorted()
                .forEach(owner ->
                        byOwner.computeIfAbsent(owner, first -> new StringBuilder("\n### Read by " + first + "\n")));
        settings.forEach(setting -> append(byOwner.get(setting.owner()), setting));
        StringBuilder page = new StringBuilder(
                """
                # The configuration of Brokkr: every setting with its default. Take the # away from a line to change it.
                # `bin/brokkr settings` prints this page for the plugins that are installed.
                """);
        byOwner.values().forEach(page::append);
        return page.toString();
    }

    private static void append(StringBuilder page, DescribedSetting setting) {
        page.append('\n');
        StringBuilder line = new StringBuilder("#");
        String others = setting.names().size() > 1
                ? " Also: "
                        + String.join(
                                ", ", setting.names().subList(1, setting.names().size())) + "."
                : "";
        for (String word : (setting.documentation() + others).split("\\s+", -1)) {
            if (line.length() + 1 + word.length() > LINE_LENGTH) {
                page.append(line).append('\n');
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        page.append(line).append('\n');
        String value = setting.defaultText() == null ? "" : setting.defaultText();
        page.append('#')
                .append(setting.names().get(0))
                .append('=')
                .append(value)
                .append('\n');
    }
}
