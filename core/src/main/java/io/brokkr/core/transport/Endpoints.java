package io.brokkr.core.transport;

import io.brokkr.core.configuration.InvalidConfigurationException;
import io.brokkr.spi.Configuration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where to listen and what to tell clients, checked against each other. Immutable. */
final class Endpoints {

    private static final String AUTHENTICATING = "SASL_PLAINTEXT";
    private static final Set<String> OTHER_PROTOCOLS = Set.of("SSL", "SASL_SSL");

    /**
     * For a listener on all addresses, of which nobody says how it is reached. It works for the clients of a first try. The machine's own name often means nothing
     * to others (a container's, a laptop's), and asking for it can take seconds.
     */
    private static final String THIS_MACHINE = "localhost";

    private final List<Listener> listeners;
    private final List<Listener> advertised;
    private final Map<String, String> protocols;

    private Endpoints(List<Listener> listeners, List<Listener> advertised, Map<String, String> protocols) {
        this.listeners = listeners;
        this.advertised = advertised;
        this.protocols = protocols;
    }

    /**
     * Takes the listeners from the configuration.
     *
     * @param mechanisms by which clients can authenticate
     * @throws InvalidConfigurationException if they make no sense
     */
    static Endpoints of(Configuration configuration, Set<String> mechanisms) {
        List<Listener> listeners = configuration.get(TransportSettings.LISTENERS);
        if (listeners.isEmpty()) {
            throw new InvalidConfigurationException("listeners: at least one is needed, such as PLAINTEXT://:9092");
        }
        Map<String, String> protocols = protocols(configuration.get(TransportSettings.SECURITY_PROTOCOLS));
        listeners.forEach(listener -> checkProtocol(listener, protocols, mechanisms));
        List<Listener> advertised = configuration.get(TransportSettings.ADVERTISED_LISTENERS);
        advertised.forEach(listener -> checkAdvertised(listener, listeners));
        return new Endpoints(listeners, advertised, protocols);
    }

    private static Map<String, String> protocols(List<String> pairs) {
        Map<String, String> protocols = new HashMap<>();
        for (String pair : pairs) {
            String[] parts = pair.split(":", -1);
            if (parts.length != 2) {
                throw new InvalidConfigurationException(TransportSettings.SECURITY_PROTOCOLS + ": " + pair
                        + ": must be like NAME:PROTOCOL, for example INTERNAL:PLAINTEXT");
            }
            protocols.put(
                    parts[0].strip().toUpperCase(Locale.ROOT), parts[1].strip().toUpperCase(Locale.ROOT));
        }
        return protocols;
    }

    private static String protocol(Listener listener, Map<String, String> protocols) {
        return protocols.getOrDefault(listener.name(), listener.name());
    }

    private static void checkProtocol(Listener listener, Map<String, String> protocols, Set<String> mechanisms) {
        String protocol = protocol(listener, protocols);
        if (protocol.equals(AUTHENTICATING) && mechanisms.isEmpty()) {
            throw new InvalidConfigurationException("listeners: " + listener
                    + ": clients have to authenticate there, and no plugin has a SASL mechanism for them");
        }
        if (protocol.equals("PLAINTEXT") || protocol.equals(AUTHENTICATING)) {
            return;
        }
        throw new InvalidConfigurationException("listeners: " + listener + ": "
                + (OTHER_PROTOCOLS.contains(protocol)
                        ? "the protocol " + protocol + " is not served yet, only PLAINTEXT and " + AUTHENTICATING
                        : "nobody says which protocol it speaks; add " + listener.name() + ":PLAINTEXT to "
                                + TransportSettings.SECURITY_PROTOCOLS));
    }

    private static void checkAdvertised(Listener advertised, List<Listener> listeners) {
        if (named(advertised.name(), listeners).isEmpty()) {
            throw new InvalidConfigurationException(
                    "advertised.listeners: " + advertised + ": there is no listener of this name in listeners");
        }
        if (advertised.isOnAllAddresses()) {
            throw new InvalidConfigurationException("advertised.listeners: " + advertised
                    + ": clients need a host name or an address that they can reach");
        }
    }

    private static Optional<Listener> named(String name, List<Listener> listeners) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst();
    }

    /** Whether the clients of one of the listeners have to authenticate. */
    boolean authenticates(Listener listener) {
        return protocol(listener, protocols).equals(AUTHENTICATING);
    }

    /** Where to listen. */
    List<Listener> listeners() {
        return listeners;
    }

    /** What to tell clients, given the ports that were bound; an advertised port 0 stands for the bound one. */
    List<Listener> advertised(List<Listener> bound) {
        return bound.stream().map(this::advertised).toList();
    }

    private Listener advertised(Listener bound) {
        Listener told = named(bound.name(), advertised).orElse(bound);
        Listener reachable = told.isOnAllAddresses() ? told.withHost(THIS_MACHINE) : told;
        return reachable.port() == 0 ? reachable.withPort(bound.port()) : reachable;
    }
}
