module io.brokkr.example.byterates {
    requires io.brokkr.spi;

    provides io.brokkr.spi.security.ClientQuotaFactory with
            io.brokkr.example.byterates.ByteRates;
}
