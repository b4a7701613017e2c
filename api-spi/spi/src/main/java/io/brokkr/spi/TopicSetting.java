package io.brokkr.spi;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A setting that each topic can have of its own, under a name such as {@code retention.ms}, and whose default for all topics stands in the broker's
 * configuration under another, such as {@code log.retention.ms}.
 *
 * @param <T> the type of the value
 */
public final class TopicSetting<T> extends Setting<T> {

    private final List<BrokerName> brokerNames;

    /**
     * A name in the broker's configuration.
     *
     * @param name for example {@code log.retention.hours}
     * @param millisPerUnit how many of the topic setting's milliseconds one unit of this name is; 1 if the text is taken as it is
     */
    public record BrokerName(String name, long millisPerUnit) {
        /** A name whose text means the same as the topic's. */
        public static BrokerName same(String name) {
            return new BrokerName(name, 1);
        }
    }

    /**
     * A setting of topics.
     *
     * @param brokerNames the names in the broker's configuration, the strongest first; none if only topics can set it
     */
    public TopicSetting(
            String name,
            Type type,
            @Nullable String defaultText,
            String documentation,
            Function<String, T> parser,
            List<BrokerName> brokerNames) {
        super(name, type, defaultText, documentation, parser);
        this.brokerNames = List.copyOf(brokerNames);
    }

    /** A setting of topics that is otherwise like another, and has one name for the broker's default. */
    public static <T> TopicSetting<T> of(Setting<T> like, String brokerName) {
        return of(like, List.of(BrokerName.same(brokerName)));
    }

    /** A setting of topics that is otherwise like another. */
    public static <T> TopicSetting<T> of(Setting<T> like, List<BrokerName> brokerNames) {
        return new TopicSetting<>(
                like.name(), like.type(), like.defaultText(), like.documentation(), like::parse, brokerNames);
    }

    /** The names in the broker's configuration with their units, the strongest first. */
    public List<BrokerName> synonyms() {
        return brokerNames;
    }

    @Override
    public Stream<String> brokerNames() {
        return brokerNames.stream().map(BrokerName::name);
    }
}
