package io.brokkr.protocol.generator;

import java.util.List;

/**
 * Fields that belong together: a message's own, or those of a structure in it.
 *
 * @param name the name as the definition has it
 * @param fields in the order of the wire
 */
public record Struct(String name, List<Field> fields) {

    /** Copies the list. */
    public Struct {
        fields = List.copyOf(fields);
    }
}
