package io.brokkr.spi.security;

/** What clients use up. */
public enum QuotaType {
    /** Bytes of records that are produced. */
    PRODUCE,
    /** Bytes of records that are fetched. */
    FETCH
}
