package io.brokkr.compatibility.matrix;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What came of a test. */
enum Verdict {
    /** The client saw what it should. */
    @JsonProperty("pass")
    PASS("✓"),
    /** It did not, or did not end in time. */
    @JsonProperty("fail")
    FAIL("✗"),
    /** The client's library has no such function, whatever the broker. */
    @JsonProperty("unsupported")
    UNSUPPORTED("–");

    /** What a program ends with to say that its library cannot do the test. */
    private static final int UNSUPPORTED_EXIT_CODE = 77;

    private final String mark;

    Verdict(String mark) {
        this.mark = mark;
    }

    static Verdict ofExitCode(int code) {
        return switch (code) {
            case 0 -> PASS;
            case UNSUPPORTED_EXIT_CODE -> UNSUPPORTED;
            default -> FAIL;
        };
    }

    /** How tables show it. */
    String mark() {
        return mark;
    }
}
