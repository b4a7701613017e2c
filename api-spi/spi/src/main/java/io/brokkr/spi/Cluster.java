package io.brokkr.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The brokers and who is who. A single broker is a cluster of one. */
public interface Cluster {

    /** The cluster's id, made once and kept in the metadata store: 22 characters of URL-safe Base64. */
    String id();

    /** The id of this broker. */
    int brokerId();

    /** The id of the broker that administrative requests go to; always a live one. */
    int controllerId();

    /** The live brokers, each with the address that it advertises on a listener. */
    List<Broker> brokers(String listener);

    /**
     * One broker as clients see it.
     *
     * @param id 0 or more
     * @param host the advertised host name or address
     * @param port the advertised port
     * @param rack where the operator says it stands
     */
    record Broker(int id, String host, int port, @Nullable String rack) {}
}
