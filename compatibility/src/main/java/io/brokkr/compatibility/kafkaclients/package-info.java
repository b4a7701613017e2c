/**
 * The checks that run inside of a process with Apache Kafka's Java client, from one source for several releases of it.
 *
 * <p>{@link io.brokkr.compatibility.kafkaclients.KafkaClientsProgram} is called as {@code <test> <bootstrap server> <prefix>}. Compiled
 * against the newest release and run with the class path of each, so it keeps to what all of them have. It knows nothing of the package
 * above. Clients have their default settings unless a comment says why not.
 */
@NullMarked
package io.brokkr.compatibility.kafkaclients;

import org.jspecify.annotations.NullMarked;
