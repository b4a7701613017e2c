package io.brokkr.core;

import io.brokkr.core.configuration.GivenSetting;
import io.brokkr.core.configuration.NearestName;
import io.brokkr.core.configuration.PropertiesText;
import io.brokkr.core.schedule.SystemClock;
import io.brokkr.pluginhost.PluginHost;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.Clock;
import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.Scheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Says what a broker is made of, and starts it. Used by one thread.
 *
 * <pre>{@code
 * try (Broker broker = new BrokerBuilder()
 *         .configuration(Map.of("listeners", "PLAINTEXT://localhost:0", "plugin.folders", "/opt/brokkr/plugins"))
 *         .start()) {
 *     int port = broker.port("PLAINTEXT");
 * }
 * }</pre>
 */
public final class BrokerBuilder {

    /** The version of the SPI that plugins find in this broker. */
    public static final String SPI_VERSION = PluginHost.SPI_VERSION;

    private final List<GivenSetting> given = new ArrayList<>();
    private final List<Supplier<List<GivenSetting>>> sources = new ArrayList<>();
    private final List<Object> extensions = new ArrayList<>();
    private Duration elapsed = Duration.ZERO;
    private Clock clock = new SystemClock();
    private UnaryOperator<Scheduler> timers = UnaryOperator.identity();

    /** A broker with nothing but defaults. */
    public BrokerBuilder() {}

    /**
     * Takes settings from a {@code .properties} file; they win over those that were given before. The running broker reads it again when a plugin comes that has settings of its own, for
     * those alone.
     *
     * @throws StartException if the file cannot be read
     */
    public BrokerBuilder configurationFile(Path file) {
        return add(() -> PropertiesText.read(file));
    }

    /** Takes settings from a map; they win over those that were given before. */
    public BrokerBuilder configuration(Map<String, String> settings) {
        List<GivenSetting> all = GivenSetting.all(settings, "BrokerBuilder");
        return add(() -> all);
    }

    /**
     * Takes a setting in the form {@code key=value}; it wins over those that were given before.
     *
     * @param source where it comes from, for messages: {@code --set}
     * @throws StartException if there is no equals sign
     */
    public BrokerBuilder setting(String assignment, String source) {
        return add(() -> List.of(GivenSetting.parse(assignment, source)));
    }

    /**
     * Adds an extension that was made already, instead of one from a plugin folder: an {@link io.brokkr.spi.ApiHandlerFactory}, or whatever else a plugin can provide.
     */
    public BrokerBuilder extension(Object extension) {
        extensions.add(extension);
        return this;
    }

    /**
     * Adds the extensions that {@link java.util.ServiceLoader} finds on the class path, or in the modules of the application.
     *
     * @param wanted by their classes; others are not made
     */
    public BrokerBuilder extensionsOnClassPath(Predicate<Class<?>> wanted) {
        extensions.addAll(PluginHost.onClassPath(wanted));
        return this;
    }

    /**
     * Has the broker go by another time than the machine's, for tests.
     *
     * @param ofTheMachine makes the broker's timers, whose delays are of that time, of those of the machine; called once for each start
     */
    public BrokerBuilder time(Clock otherClock, UnaryOperator<Scheduler> ofTheMachine) {
        clock = otherClock;
        timers = ofTheMachine;
        return this;
    }

    /** How much time has gone by since whatever the start is measured from, such as the start of the process. */
    public BrokerBuilder elapsed(Duration sinceBeginning) {
        elapsed = sinceBeginning;
        return this;
    }

    /**
     * Starts the broker; when this returns, it serves.
     *
     * @throws StartException if it cannot, for a reason that can be mended; then nothing of it is left
     */
    public Broker start() {
        return newStart().start(false);
    }

    /**
     * Opens what {@link #start} opens before it loads APIs and listens, for tools: the broker serves nobody and removes no old records.
     *
     * @throws StartException as {@link #start}
     */
    public Broker startOffline() {
        return newStart().start(true);
    }

    /**
     * Runs a plugin's {@link io.brokkr.spi.CommandLineTool}.
     *
     * @param context makes what the tool gets, of the codecs that the plugins have
     * @return what the process is to end with
     * @throws StartException if there is no such tool, or it meets what the operator can mend
     */
    public int runTool(
            String name,
            List<String> arguments,
            Function<Map<Compression, CompressionCodec>, CommandLineContext> context) {
        return newStart().runTool(name, arguments, context);
    }

    /** The one of the names that was probably meant, empty if none is like it. */
    public static Optional<String> nearestName(String wrong, Collection<String> names) {
        return NearestName.of(wrong, names);
    }

    /**
     * Loads the plugins as {@link #start} would, says what became of each, and lets go of them.
     *
     * @throws StartException if the settings cannot be read, or two plugins declare the same one
     */
    public List<InspectedPlugin> inspectPlugins() {
        return newStart().inspectPlugins();
    }

    /**
     * Loads the plugins, and tells every setting that the configuration may then hold, in the order of their names.
     *
     * @throws StartException as {@link #inspectPlugins}
     */
    public List<DescribedSetting> describeSettings() {
        return newStart().describeSettings();
    }

    /**
     * The folders in which plugins are looked for.
     *
     * @throws StartException if the configuration names none that makes sense
     */
    public List<Path> pluginFolders() {
        return newStart().pluginFolders();
    }

    private BrokerStart newStart() {
        List<Supplier<List<GivenSetting>>> all = List.copyOf(sources);
        return new BrokerStart(
                given,
                () -> all.stream().flatMap(source -> source.get().stream()).toList(),
                extensions,
                clock,
                timers,
                System.nanoTime() - elapsed.toNanos());
    }

    private BrokerBuilder add(Supplier<List<GivenSetting>> source) {
        given.addAll(BrokerStart.mendable(source));
        sources.add(source);
        return this;
    }
}
