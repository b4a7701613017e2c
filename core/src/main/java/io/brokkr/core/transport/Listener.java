package io.brokkr.core.transport;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address under a name, as in {@code PLAINTEXT://broker.example:9092}: one to listen on, or one to advertise.
 *
 * @param name in upper case
 * @param host a name or an address without brackets; empty stands for all addresses of the machine
 * @param port 0 stands for any free one
 */
public record Listener(String name, String host, int port) {

    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_.-]+)://(?:\\[([0-9a-fA-F:%.]+)]|([^\\[\\]:/\\s]*)):([0-9]{1,5})");
    private static final Set<String> ALL_ADDRESSES = Set.of("", "0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    /**
     * Reads listeners with commas between them.
     *
     * @throws IllegalArgumentException with what is expected
     */
    static List<Listener> parseAll(String text) {
        List<Listener> listeners = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : Arrays.stream(text.split(",")).map(String::strip).toList()) {
            if (!part.isEmpty()) {
                Listener listener = parse(part);
                if (!names.add(listener.name)) {
                    throw new IllegalArgumentException("a list in which no name stands twice, unlike " + listener.name);
                }
                listeners.add(listener);
            }
        }
        return listeners;
    }

    private static Listener parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(4)) > 65_535) {
            throw new IllegalArgumentException("like NAME://host:port with commas between them, unlike " + text);
        }
        String host = form.group(2) == null ? form.group(3) : form.group(2);
        return new Listener(form.group(1).toUpperCase(Locale.ROOT), host, Integer.parseInt(form.group(4)));
    }

    /** Whether this is a listener on all addresses of the machine, and so not one that a client can be told. */
    boolean isOnAllAddresses() {
        return ALL_ADDRESSES.contains(host);
    }

    Listener withHost(String newHost) {
        return new Listener(name, newHost, port);
    }

    Listener withPort(int newPort) {
        return new Listener(name, host, newPort);
    }

    /** The address to bind. */
    InetSocketAddress toAddress() {
        return isOnAllAddresses() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    /** As in the configuration. */
    @Override
    public String toString() {
        return name + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
