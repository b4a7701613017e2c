/**
 * A compacted topic with an account of its own of what must be left in it. {@link io.brokkr.compatibility.compaction.CompactionRun} lets a broker compact one that nobody
 * disturbs; the rounds of {@link io.brokkr.compatibility.crash} kill the broker meanwhile.
 */
@NullMarked
package io.brokkr.compatibility.compaction;

import org.jspecify.annotations.NullMarked;
