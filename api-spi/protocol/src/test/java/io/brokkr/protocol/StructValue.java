package io.brokkr.protocol;

import java.util.List;
import java.util.Map;

/**
 * The values of a structure's fields, in nobody's classes: numbers, texts, {@link Bytes} for bytes and records, lists, structures, null.
 *
 * @param fields by the definition's name; a field that is not in it keeps its default
 * @param unknownTaggedFields what a definition of the future might add
 */
record StructValue(Map<String, Object> fields, List<UnknownTaggedField> unknownTaggedFields) {}
