/** A plugin that changes records before they are stored. */
module io.brokkr.example.maskheaders {
    requires io.brokkr.spi;

    provides io.brokkr.spi.record.RecordInterceptorFactory with
            io.brokkr.example.maskheaders.MaskHeaders;
}
