/**
 * Time that stands still until a test moves it, so that hours pass in no time and every run is the same.
 *
 * <p>{@link io.brokkr.testkit.time.VirtualClock} is the clock, {@link io.brokkr.testkit.time.VirtualScheduler} the timers and threads that
 * live by it. Tasks run on the thread of the test, inside of {@link io.brokkr.testkit.time.VirtualScheduler#advance advance}, one after the other
 * and in the order of their due times; those that are due at the same moment run in an order that the seed decides, since code that works must
 * work in any.
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.testkit.time;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
