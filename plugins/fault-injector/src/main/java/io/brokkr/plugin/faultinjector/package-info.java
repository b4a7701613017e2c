/**
 * Faults on purpose, for tests of programs that have to bear them.
 *
 * <p>{@link io.brokkr.plugin.faultinjector.FaultInjector} is the plugin. Its rules come from the setting {@code faults}, or, while the broker runs, from whoever made the plugin with {@link
 * io.brokkr.plugin.faultinjector.Faults} of its own.
 *
 * <h2>Rules</h2>
 *
 * <pre>{@code
 * Produce:orders:delay=200ms;Fetch:*:error=NOT_LEADER_OR_FOLLOWER:probability=0.1;*:*:drop:after=10:times=3
 * }</pre>
 *
 * <p>A rule is {@code API:TOPIC:FAULT}, with options behind that; there is a semicolon between rules.
 *
 * <ul>
 *   <li>API: its name in the protocol, such as {@code Produce}, or {@code *} for all.
 *   <li>TOPIC: the rule is for requests that name this topic, or {@code *} for all requests. Of the group APIs only those that carry offsets name topics.
 *   <li>FAULT:
 *       <ul>
 *         <li>{@code delay=200ms} (or {@code s}, {@code m}): the response is held back for so long. The request has been carried out by then.
 *         <li>{@code error=NAME}: the request is not carried out, and fails as a whole with an error of the protocol. A produce request with acks=0 loses its connection, since its client reads no
 *             response.
 *         <li>{@code drop}: the request is not carried out, and its connection is closed.
 *       </ul>
 *   <li>{@code handled}: the request is carried out, and then the error is told or the connection is closed all the same; so an acknowledgement gets lost.
 *   <li>{@code client=ID}: the rule is for requests of clients that call themselves so.
 *   <li>{@code after=10}: the first ten requests that the rule is for are spared.
 *   <li>{@code probability=0.1}: each of the others is struck with this probability.
 *   <li>{@code times=3}: after the third that was struck the rule has no effect any more.
 * </ul>
 *
 * <p>A request is struck by one rule at most, the first in the order in which they were added; those behind it do not count the request. With the same seed and the same requests in the same order the same ones are struck.
 *
 * <p>A fetch request of a session (KIP-227) names only what is new to the session. While a rule needs the topics of fetch requests, sessions are refused and clients name their partitions in
 * each request.
 */
@NullMarked
package io.brokkr.plugin.faultinjector;

import org.jspecify.annotations.NullMarked;
