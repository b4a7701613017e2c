package io.brokkr.compatibility;

import java.util.ArrayList;
import java.util.List;

/**
 * A client library behind a small program of ours, called as {@code <program> <test> <bootstrap server> <prefix>}. It ends with 0 if the
 * client saw what the test promises, else its last line on standard error is the client's own error.
 */
final class ProgramClient {
    private final List<String> program;
    private final List<Check> checks = new ArrayList<>();

    ProgramClient(List<String> program) {
        this.program = List.copyOf(program);
    }

    ProgramClient with(Stage stage, String... tests) {
        for (String test : tests) {
            checks.add(new Check(stage, test, this::run));
        }
        return this;
    }

    Client named(String name) {
        return new Client(name, checks);
    }

    private void run(Target target) throws Exception {
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of(target.test(), target.bootstrapServer(), target.prefix()));
        target.command("program", line).run();
    }
}
