package io.brokkr.compatibility.matrix;

/**
 * A client's result in a test.
 *
 * @param client the family's name and the variant
 * @param version the client's
 * @param test its name
 * @param verdict what came of it
 * @param words the client's own error, or why it cannot do the test; if it passed, empty or what it was seen to do
 * @param milliseconds from the start of the client's process to its end
 */
record Cell(String client, String version, String test, Verdict verdict, String words, long milliseconds) {

    /** Whether both are of the same client and test. */
    boolean isSamePlaceAs(Cell other) {
        return client.equals(other.client) && test.equals(other.test);
    }
}
