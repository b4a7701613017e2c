/**
 * A proxy that answers a produce request as a broker with a known fault would: it proves that the test {@code produce-v2-regression} of a client sees that fault.
 *
 * <p>A response to Produce of the versions 1 to 8 ends with {@code throttle_time_ms}. A broker that wrote it first left librdkafka's clients waiting for
 * acknowledgements of records that were long stored. {@link io.brokkr.compatibility.proxy.ThrottleTimeFirstProxy} makes that fault out of right answers.
 */
@NullMarked
package io.brokkr.compatibility.proxy;

import org.jspecify.annotations.NullMarked;
