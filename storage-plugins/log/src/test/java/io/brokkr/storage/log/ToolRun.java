package io.brokkr.storage.log;

import io.brokkr.protocol.record.Compression;
import io.brokkr.protocol.record.CompressionCodec;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.CommandLineContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A run of {@code brokkr log} with arguments that need no broker. */
record ToolRun(int status, String output, String complaints) {

    static ToolRun of(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new LogCommand().run(List.of(arguments), context(printer(out), printer(err)));
        return new ToolRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream printer(ByteArrayOutputStream sink) {
        return new PrintStream(sink, true, StandardCharsets.UTF_8);
    }

    private static CommandLineContext context(PrintStream out, PrintStream err) {
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
            public Map<Compression, CompressionCodec> compressionCodecs() {
                return Map.of();
            }

            @Override
            public BrokerServices openBroker() {
                throw new AssertionError("the folders were named");
            }
        };
    }
}
