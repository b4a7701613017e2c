package io.brokkr.spi.security;

import io.brokkr.protocol.Stability;

/** What clients use up. */
@Stability(Stability.Level.STABLE)
public enum QuotaType {
    /** Bytes of records that are produced. */
    PRODUCE,
    /** Bytes of records that are fetched. */
    FETCH
}
