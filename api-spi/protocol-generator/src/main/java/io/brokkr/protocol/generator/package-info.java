/**
 * Message definitions in, Java out.
 *
 * <p>{@link io.brokkr.protocol.generator.Definitions} reads the JSON definitions that the published jars of Apache Kafka carry and merges
 * those of several releases. What it gives is a small model: a {@link io.brokkr.protocol.generator.Definition} has
 * {@link io.brokkr.protocol.generator.Field}s and {@link io.brokkr.protocol.generator.Struct}s, each with its
 * {@link io.brokkr.protocol.generator.VersionRange}. One emitter an artefact writes the sources from it, and
 * {@link io.brokkr.protocol.generator.ProtocolGenerator} is the command line. The tests of the protocol draw their random messages from
 * the same model.
 */
@NullMarked
package io.brokkr.protocol.generator;

import org.jspecify.annotations.NullMarked;
