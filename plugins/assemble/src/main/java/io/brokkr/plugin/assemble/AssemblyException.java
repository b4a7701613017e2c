package io.brokkr.plugin.assemble;

import java.util.List;

/** What was asked for cannot be assembled; each line says what is wrong and how it is mended. */
final class AssemblyException extends Exception {

    private static final long serialVersionUID = 1L;

    AssemblyException(String line) {
        super(line);
    }

    AssemblyException(String line, Throwable cause) {
        super(line, cause);
    }

    AssemblyException(List<String> lines) {
        super(String.join("\n", lines));
    }

    List<String> lines() {
        return String.valueOf(getMessage()).lines().toList();
    }
}
