/**
 * The APIs of those who read partitions.
 *
 * <p>A fetch request goes through three steps. {@link io.brokkr.plugin.fetch.FetchSessions} finds out which partitions it is about: those in the request, or
 * those that the client named in earlier requests of the same session (KIP-227). {@link io.brokkr.plugin.fetch.PendingFetch} reads them, and if there is too
 * little, waits to be told of more. {@link io.brokkr.plugin.fetch.FetchHandler} turns what was read into the response; for clients that do not know record batches, {@link
 * io.brokkr.plugin.fetch.OldFormatFetch} converts it before.
 *
 * <p>All of them open partitions by {@link io.brokkr.plugin.fetch.AllowedPartitions}, which asks whether the client may.
 *
 * <p>{@link io.brokkr.plugin.fetch.ListOffsetsHandler} and {@link io.brokkr.plugin.fetch.OffsetForLeaderEpochHandler} tell readers where to begin, and whether what they
 * read before is still what the log holds.
 */
@NullMarked
package io.brokkr.plugin.fetch;

import org.jspecify.annotations.NullMarked;
