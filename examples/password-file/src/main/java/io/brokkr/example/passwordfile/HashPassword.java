package io.brokkr.example.passwordfile;

import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.CommandLineTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes a line of the file. The password comes by standard input, so that it stands in no list of processes and in no shell's history. */
public final class HashPassword implements CommandLineTool {

    private static final int ITERATIONS = 200_000;
    private static final int WRONG_ARGUMENTS = 2;

    /** For {@link java.util.ServiceLoader}. */
    public HashPassword() {}

    @Override
    public String name() {
        return "hash-password";
    }

    @Override
    public String summary() {
        return "prints a line for the file that password.file names";
    }

    @Override
    public String usage() {
        return "Usage: brokkr hash-password NAME < FILE\n\nThe first line of the standard input is the password.\n";
    }

    @Override
    public int run(List<String> arguments, CommandLineContext context) {
        String password = arguments.size() == 1 ? firstLine() : "";
        if (password.isEmpty()) {
            context.err().print(usage());
            return WRONG_ARGUMENTS;
        }
        context.out().println(arguments.get(0) + ":" + HashedPassword.of(password, ITERATIONS));
        return 0;
    }

    private static String firstLine() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
