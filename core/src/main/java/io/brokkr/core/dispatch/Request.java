package io.brokkr.core.dispatch;

import io.brokkr.protocol.Api;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.ClientSession;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The header of a request, and where it came from. Immutable. */
record Request(Api<?> api, int apiVersion, int correlationId, @Nullable String clientId, ClientConnection connection)
        implements RequestContext {

    @Override
    public String listener() {
        return connection.listener();
    }

    @Override
    public InetSocketAddress clientAddress() {
        return connection.address();
    }

    @Override
    public String connectionId() {
        return connection.id();
    }

    @Override
    public ClientSession session() {
        return connection.session();
    }

    @Override
    public Executor executor() {
        return connection.executor();
    }

    /** For the log: a client may call itself what it likes, line breaks included. */
    @Override
    public String toString() {
        return api.name() + " version " + apiVersion + " of " + clientName() + " at " + connection;
    }

    private String clientName() {
        if (clientId == null) {
            return "a client without a name";
        }
        String name = clientId.length() <= 100 ? clientId : clientId.substring(0, 100);
        return "client '" + name.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
