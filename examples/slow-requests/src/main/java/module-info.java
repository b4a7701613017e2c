module io.brokkr.example.slowrequests {
    requires io.brokkr.spi;

    provides io.brokkr.spi.RequestHookFactory with
            io.brokkr.example.slowrequests.SlowRequests;
}
