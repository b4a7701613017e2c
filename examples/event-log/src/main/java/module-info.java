module io.brokkr.example.eventlog {
    requires io.brokkr.spi;

    provides io.brokkr.spi.BrokerEventListener with
            io.brokkr.example.eventlog.EventLog;
}
