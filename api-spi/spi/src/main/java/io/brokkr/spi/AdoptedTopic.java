package io.brokkr.spi;

import java.util.UUID;

/**
 * A topic that another broker kept, with what its clients know of it.
 *
 * @param topic its name, partitions and settings
 * @param id its id, which it keeps
 * @param internal whether it is a broker's own, such as {@code __consumer_offsets}
 * @param leaderEpoch the leader epoch of all its partitions from now on: higher than any that a client has heard of, since clients take lower ones for news of the past (KIP-320)
 */
public record AdoptedTopic(NewTopic topic, UUID id, boolean internal, int leaderEpoch) {}
