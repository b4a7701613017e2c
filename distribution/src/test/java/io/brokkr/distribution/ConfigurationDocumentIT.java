package io.brokkr.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.protocol.message.DescribeConfigsRequest;
import io.brokkr.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.brokkr.protocol.message.DescribeConfigsResponse;
import io.brokkr.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.brokkr.protocol.message.MetadataRequest;
import io.brokkr.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.brokkr.protocol.message.MetadataResponse;
import io.brokkr.testkit.WireClient;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page {@code docs/configuration.md} says of every setting what this installation does with it. */
@Timeout(180)
class ConfigurationDocumentIT {

    private static final Path DOCUMENT = Path.of("../docs/configuration.md");
    private static final String TOPICS = "## Settings of topics";
    private static final String BROKER = "## Settings of the broker";
    private static final byte TOPIC_RESOURCE = 2;

    /** Setting, broker's name for all topics, what becomes of it. */
    private static final Pattern TOPIC_ROW = Pattern.compile(
            "\\| `([^`]+)` \\| (?:`([^`]+)` )?\\| (honoured|accepted without effect|refused) \\| [^|]+ \\|");
    /** Setting, default. */
    private static final Pattern BROKER_ROW = Pattern.compile("\\| `([^`]+)` \\| (?:`([^`]*)` )?\\| [^|]+ \\|");

    private static final Pattern PAGE_SETTING = Pattern.compile("#([^ =]+)=(.*)");

    @TempDir
    private static Path folder;

    private static List<DescribeConfigsResourceResult> topicSettings;

    @BeforeAll
    static void askABrokerWithThePluginsThatShip() {
        try (BrokkrProcess broker = BrokkrProcess.start(folder.resolve("data")).awaitReady();
                WireClient client = broker.connect()) {
            MetadataRequest create = MetadataRequest.builder()
                    .topics(List.of(MetadataRequestTopic.builder().name("any").build()))
                    .allowAutoTopicCreation(true)
                    .build();
            client.call(MetadataRequest.API, create, 8, MetadataResponse::read);
            DescribeConfigsRequest describe = DescribeConfigsRequest.builder()
                    .resources(List.of(DescribeConfigsResource.builder()
                            .resourceType(TOPIC_RESOURCE)
                            .resourceName("any")
                            .configurationKeys(null)
                            .build()))
                    .includeSynonyms(true)
                    .includeDocumentation(true)
                    .build();
            topicSettings = client.call(DescribeConfigsRequest.API, describe, 4, DescribeConfigsResponse::read)
                    .results()
                    .get(0)
                    .configs();
        }
        assertThat(topicSettings).isNotEmpty();
    }

    @Test
    void everyTopicSettingOfApacheKafkaIsThere() throws IOException {
        List<String> kafka = Arrays.stream(TopicConfig.class.getFields())
                .filter(field -> field.getName().endsWith("_CONFIG"))
                .map(ConfigurationDocumentIT::text)
                .toList();
        assertThat(kafka).contains("cleanup.policy", "segment.jitter.ms");
        assertThat(topicRows().keySet()).containsAll(kafka);
    }

    @Test
    void everyTopicSettingOfBrokkrIsThere() throws IOException {
        assertThat(topicRows().keySet())
                .containsAll(topicSettings.stream()
                        .map(DescribeConfigsResourceResult::name)
                        .toList());
    }

    /** Honoured, accepted without effect or refused, and the name of the broker's setting that is the default for all topics. */
    @Test
    void whatIsSaidOfATopicSettingIsWhatTheBrokerSays() throws IOException {
        Map<String, String> told = topicRows();
        Set<String> settingsOfTheBroker =
                printed().stream().map(line -> line.replaceFirst("=.*", "")).collect(Collectors.toSet());
        Map<String, String> actual = new TreeMap<>();
        told.keySet().forEach(name -> actual.put(name, row("", "refused")));
        topicSettings.stream()
                .filter(setting -> told.containsKey(setting.name()))
                .forEach(setting ->
                        actual.put(setting.name(), row(brokersName(setting, settingsOfTheBroker), effect(setting))));
        assertThat(told).containsExactlyInAnyOrderEntriesOf(actual);
    }

    private static String effect(DescribeConfigsResourceResult setting) {
        return setting.documentation().contains("it has no effect") ? "accepted without effect" : "honoured";
    }

    /** Of a setting that nobody set the one synonym is its default, under the broker's name for it or, if there is none, under its own. */
    private static String brokersName(DescribeConfigsResourceResult setting, Set<String> settingsOfTheBroker) {
        String name = setting.synonyms().get(0).name();
        return settingsOfTheBroker.contains(name) ? name : "";
    }

    private static String row(String brokersName, String effect) {
        return brokersName + ": " + effect;
    }

    private static Map<String, String> topicRows() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (String line : section(TOPICS)) {
            if (line.startsWith("| `")) {
                Matcher row = match(TOPIC_ROW, line);
                String brokersName = row.group(2) == null ? "" : row.group(2);
                assertThat(rows.put(row.group(1), row(brokersName, row.group(3))))
                        .as("%s stands there twice", row.group(1))
                        .isNull();
            }
        }
        return rows;
    }

    /** In the groups, in the order and with the defaults that {@code bin/brokkr settings} prints. */
    @Test
    void theSettingsOfTheBrokerAreThoseThatTheCommandPrints() throws IOException {
        List<String> told = new ArrayList<>();
        for (String line : section(BROKER)) {
            if (line.startsWith("### ")) {
                told.add(line);
            } else if (line.startsWith("| `")) {
                Matcher row = match(BROKER_ROW, line);
                told.add(row.group(1) + "=" + (row.group(2) == null ? "" : row.group(2)));
            }
        }
        assertThat(told).containsExactlyElementsOf(printed());
    }

    private static List<String> printed() throws IOException {
        List<String> printed = new ArrayList<>();
        for (String line : Files.readAllLines(BrokkrProcess.HOME.resolve("conf/brokkr.properties"))) {
            Matcher setting = PAGE_SETTING.matcher(line);
            if (line.startsWith("### ")) {
                printed.add(line);
            } else if (setting.matches()) {
                printed.add(setting.group(1) + "=" + setting.group(2));
            }
        }
        return printed;
    }

    private static List<String> section(String heading) throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        assertThat(lines).contains(heading);
        return lines.subList(lines.indexOf(heading) + 1, lines.size()).stream()
                .takeWhile(line -> !line.startsWith("## "))
                .toList();
    }

    private static Matcher match(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        return matcher;
    }

    private static String text(Field constant) {
        try {
            return String.valueOf(constant.get(null));
        } catch (IllegalAccessException notPublic) {
            throw new AssertionError(notPublic);
        }
    }
}
