/**
 * Runs stock clients and tools against a broker and reports what they saw.
 *
 * <p>{@link io.brokkr.compatibility.Smoke} is the program; {@code compatibility/smoke} starts it. It starts a broker, lets every
 * {@link io.brokkr.compatibility.Client} do its {@link io.brokkr.compatibility.Check}s, starts the broker anew on the same folder, lets
 * them go on where they were, and reports a line for each check.
 *
 * <ul>
 *   <li>A client is a program of somebody else in a process of its own. A check passes if the client got what it was promised; the
 *       broker's log is never asked.
 *   <li>To add a client, write a program that takes {@code <test> <bootstrap server> <topic prefix>}, and name it in {@link
 *       io.brokkr.compatibility.Clients}. The tests keep their names over all clients, so that the report is a matrix of client by test.
 *   <li>Every check must also pass against Apache Kafka ({@code compatibility/smoke --reference}): a check that the reference fails is
 *       wrong.
 *   <li>Every process has a time limit, and is ended by its own handle.
 * </ul>
 *
 * <p>This package needs nothing but the JDK. What runs inside of the kafka-clients processes is in {@link
 * io.brokkr.compatibility.kafkaclients}, a second package because it lives on another class path.
 */
@NullMarked
package io.brokkr.compatibility;

import org.jspecify.annotations.NullMarked;
