package io.brokkr.spi;

import io.brokkr.protocol.Stability;
import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a {@link CommandLineTool} gets; valid until its run returns, for the thread that runs it. */
@Stability(Stability.Level.EVOLVING)
public interface CommandLineContext {

    /** Where results go. */
    PrintStream out();

    /** Where progress and complaints go, so that results can be piped on. */
    PrintStream err();

    /** The folder of the installation that the tool runs in: {@code bin/}, {@code conf/}, {@code lib/} and {@code plugins/} lie there. */
    Path installation();

    /**
     * Looks at the plugins as a broker with the configuration that was given would at its start, and lets go of them: those that work, each behind the ones that it requires, and then
     * the others. Needs no open broker.
     *
     * @param further jars and folders of plugins that lie elsewhere, to be looked at as if they lay there too
     * @throws ApiException if a setting of the configuration makes no sense
     */
    List<InstalledPlugin> plugins(List<Path> further);

    /** What opens compressed records, as {@link BrokerServices#compressionCodecs} has it. Needs no open broker. */
    Map<Compression, CompressionCodec> compressionCodecs();

    /**
     * Opens what a broker opens with the configuration that was given, so that its data folders are locked, but listens to nobody, loads no API and removes no old records. A
     * second call gives the same. Ended by the launcher, after the tool.
     *
     * @throws io.brokkr.spi.storage.StorageException if the configuration is not right, a broker uses the data folders, or a plugin that the configuration names cannot work
     */
    BrokerServices openBroker();
}
