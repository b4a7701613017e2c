/** A plugin that adds one API to the broker. */
module io.brokkr.example.listtransactions {
    requires io.brokkr.spi;

    provides io.brokkr.spi.ApiHandlerFactory with
            io.brokkr.example.listtransactions.ListTransactionsHandlers;
}
