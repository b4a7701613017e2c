package io.brokkr.storage.log;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.InstalledPlugin;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run of {@code brokkr log}. */
record ToolRun(int status, String output, String complaints) {

    /** With arguments that need no broker. */
    static ToolRun of(String... arguments) {
        return with(null, arguments);
    }

    /** With a broker that serves its clients at the same time, which is none of the tool's business. */
    static ToolRun with(@Nullable BrokerServices broker, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new LogCommand().run(List.of(arguments), context(printer(out), printer(err), broker));
        return new ToolRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream printer(ByteArrayOutputStream sink) {
        return new PrintStream(sink, true, StandardCharsets.UTF_8);
    }

    private static CommandLineContext context(PrintStream out, PrintStream err, @Nullable BrokerServices broker) {
        return new CommandLineContext() {
            @Override
            public PrintStream out() {
                return out;
            }

            @Override
            public PrintStream err() {
                return err;
            }

            @Override
            public Path installation() {
                throw new AssertionError("the files of the logs lie elsewhere");
            }

            @Override
            public List<InstalledPlugin> plugins(List<Path> further) {
                throw new AssertionError("the engine looks after its own files");
            }

            @Override
            public Map<Compression, CompressionCodec> compressionCodecs() {
                return Map.of();
            }

            @Override
            public BrokerServices openBroker() {
                if (broker == null) {
                    throw new AssertionError("the folders were named");
                }
                return broker;
            }
        };
    }
}
