/** Refuses records that do not fit the JSON Schema of their topic. */
module io.brokkr.plugin.jsonschema {
    requires io.brokkr.spi;
    requires com.networknt.schema;
    requires tools.jackson.databind;
    requires static org.jspecify;

    provides io.brokkr.spi.record.RecordInterceptorFactory with
            io.brokkr.plugin.jsonschema.JsonSchemaInterceptors;
}
