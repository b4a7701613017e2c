package io.brokkr.plugin.groups;

import io.brokkr.protocol.Bytes;

/**
 * A way of sharing the work that a member supports. The broker knows neither the name nor the bytes; it compares the one and hands on the other.
 *
 * @param name for example {@code range}
 * @param metadata what the leader is to know of the member under this protocol
 */
record Protocol(String name, Bytes metadata) {}
