/**
 * The tests of the matrix for the releases 0.10.2 to 2.8 of Apache Kafka's Java client, from one source.
 *
 * <p>Compiled against 2.8.2 and run with the class path of each release. What a release lacks is behind the {@code since} of its test, so
 * that a method that is missing is an error and nothing else. Clients have their default settings unless a comment says why not.
 */
package io.brokkr.compatibility.elders;
