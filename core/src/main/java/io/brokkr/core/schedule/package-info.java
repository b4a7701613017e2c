/**
 * Time and threads: one timer thread and a small pool for work that blocks, both started by their first use.
 *
 * <p>A broker that nobody talks to has no thread of the pool, since idle ones end.
 */
@NullMarked
package io.brokkr.core.schedule;

import org.jspecify.annotations.NullMarked;
