/**
 * Kills a broker at seeded moments while producers, a consumer and an administrator are at work, and keeps an account of its own of what must be there
 * afterwards. The clients are stock ones, in this process; {@link io.brokkr.compatibility.crash.CrashRounds} is the way in. What is compacted meanwhile is judged by
 * {@link io.brokkr.compatibility.compaction.CompactedTopic}.
 */
@NullMarked
package io.brokkr.compatibility.crash;

import org.jspecify.annotations.NullMarked;
