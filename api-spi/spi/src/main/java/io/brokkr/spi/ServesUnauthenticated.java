package io.brokkr.spi;

/**
 * Marks an {@link ApiHandler} that also serves clients who have yet to prove who they are: those of APIs with which a connection begins. It tells them nothing that others must not know.
 */
public interface ServesUnauthenticated {}
