/**
 * The record interceptor {@code json-schema}: refuses records whose keys or values do not fit the JSON Schema that their topic has for them.
 *
 * <p>{@link io.brokkr.plugin.jsonschema.JsonSchemaInterceptors} declares the settings; {@link io.brokkr.plugin.jsonschema.CompiledSchema} is a schema that was understood. The
 * library is loaded when the first topic has a schema.
 */
@NullMarked
package io.brokkr.plugin.jsonschema;

import org.jspecify.annotations.NullMarked;
