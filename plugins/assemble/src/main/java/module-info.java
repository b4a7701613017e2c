/** Makes archives and packages with chosen plugins, and with a Java runtime that is cut to them. */
module io.brokkr.plugin.assemble {
    requires com.fasterxml.jackson.databind;
    requires io.brokkr.spi;
    requires org.apache.commons.compress;
    requires static org.jspecify;

    uses java.util.spi.ToolProvider;

    provides io.brokkr.spi.CommandLineTool with
            io.brokkr.plugin.assemble.AssembleCommand;
}
