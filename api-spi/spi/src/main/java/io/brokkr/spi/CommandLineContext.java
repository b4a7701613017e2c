package io.brokkr.spi;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import java.io.PrintStream;
import java.util.Map;

/** What a {@link CommandLineTool} gets; valid until its run returns, for the thread that runs it. */
public interface CommandLineContext {

    /** Where results go. */
    PrintStream out();

    /** Where progress and complaints go, so that results can be piped on. */
    PrintStream err();

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
