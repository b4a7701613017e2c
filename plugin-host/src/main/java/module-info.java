/**
 * The host of the plugins: finds them, checks whether they fit the broker and each other, gives each its own classes, and follows what comes and goes. What they are for is the
 * core's business.
 */
module io.brokkr.pluginhost {
    requires transitive io.brokkr.spi;
    requires static org.jspecify;
    requires org.pf4j;
    requires org.slf4j;

    exports io.brokkr.pluginhost to
            io.brokkr.core,
            io.brokkr.security;

    uses io.brokkr.protocol.record.CompressionCodec;
    uses io.brokkr.spi.ApiHandlerFactory;
    uses io.brokkr.spi.BrokerEventListener;
    uses io.brokkr.spi.CommandLineTool;
    uses io.brokkr.spi.MetricsReporter;
    uses io.brokkr.spi.RequestHookFactory;
    uses io.brokkr.spi.record.RecordInterceptorFactory;
    uses io.brokkr.spi.security.AuthenticatorFactory;
    uses io.brokkr.spi.security.AuthorizerFactory;
    uses io.brokkr.spi.security.ClientQuotaFactory;
    uses io.brokkr.spi.security.PrincipalBuilderFactory;
    uses io.brokkr.spi.storage.StorageEngineFactory;
    uses io.brokkr.spi.storage.MetadataStoreFactory;
}
