/**
 * A file system in memory whose device forgets: for the crash tests of storage engines.
 *
 * <p>Between what a program wrote and what is on the device stands {@link io.brokkr.testkit.files.FaultyFileSystem}: {@link
 * io.brokkr.testkit.files.FaultyFileSystem#crash} makes another one that holds what a loss of power may leave. An engine is opened on {@link
 * io.brokkr.testkit.files.FaultyFileSystem#root} like on any other folder, since {@link java.nio.file.Files} and {@link java.nio.channels.FileChannel}
 * find the file system by the path. Every random choice comes from the generator that the caller gives, so a seed replays.
 *
 * <p>{@link io.brokkr.testkit.files.Damage} is what happens to a file of a real folder while nobody looks.
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.testkit.files;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
