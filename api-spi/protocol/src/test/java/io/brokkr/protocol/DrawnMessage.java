package io.brokkr.protocol;

import io.brokkr.protocol.generator.Definition;

/**
 * A message drawn from its definition.
 *
 * @param definition what message it is
 * @param version the version to write it at
 * @param value its content
 */
record DrawnMessage(Definition definition, int version, StructValue value) {

    /** A message and a version of it. */
    String pair() {
        return definition.name() + " v" + version;
    }

    @Override
    public String toString() {
        return pair() + " " + value;
    }
}
