package io.brokkr.compatibility;

/**
 * One thing that a client does and what it must see.
 *
 * @param stage when it runs
 * @param test its name, the same for all clients that can do it
 * @param body does it
 */
public record Check(Stage stage, String test, Body body) {
    /** Returns if the client got what it was promised. */
    @FunctionalInterface
    public interface Body {
        /** Throws {@link CheckFailedException} with the client's own error if it did not. */
        void run(Target target) throws Exception;
    }
}
