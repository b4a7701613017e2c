package io.brokkr.example.passwordfile;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Setting;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.PrincipalBuilder;
import io.brokkr.spi.security.PrincipalBuilderFactory;
import java.util.List;

/** Principals by the listener that clients come from: those of the listeners for services are no users, even if they have a user's name. */
public final class ListenerPrincipals implements PrincipalBuilderFactory {

    private static final String SERVICE = "Service";

    private static final Setting<List<String>> LISTENERS = Setting.list(
            "service.listeners",
            "INTERNAL",
            "The listeners whose clients are services: their principals have the type Service instead of User.");

    /** For {@link java.util.ServiceLoader}. */
    public ListenerPrincipals() {}

    @Override
    public List<Setting<?>> settings() {
        return List.of(LISTENERS);
    }

    @Override
    public String name() {
        return "listener";
    }

    @Override
    public PrincipalBuilder create(BrokerServices broker) {
        List<String> services = broker.configuration().get(LISTENERS);
        return client -> {
            String name = client.authenticatedName();
            if (!services.contains(client.listener())) {
                return name == null ? Principal.ANONYMOUS : Principal.user(name);
            }
            if (name == null) {
                throw new ApiException(
                        ErrorCode.SASL_AUTHENTICATION_FAILED,
                        "the listener " + client.listener() + " is for services, which authenticate");
            }
            return new Principal(SERVICE, name);
        };
    }
}
