/**
 * The metadata store {@code embedded}, for a broker that is alone: one file, {@code metadata.mv} in the first data folder, kept by the MVStore of H2.
 *
 * <p>{@link io.brokkr.storage.embeddedmetadata.EmbeddedMetadataStore} answers reads from memory, where everything is that the file holds, and works
 * off commits one after the other, as many to a sync as are waiting. {@link io.brokkr.storage.embeddedmetadata.MetadataFile} is all that
 * knows of MVStore. Readers and watchers learn of a commit when it is on the device, not before.
 *
 * <p>The file holds a map from keys to values; a value is preceded by a CRC-32C of the key, the version and the value, 4 bytes big-endian, and by its version, 8 bytes
 * big-endian. What is damaged is refused at the start; no entry is served that was not written. MVStore writes to the end and reuses
 * what is no longer needed, so that a crash at any time leaves the last commit that was synced.
 *
 * <p>The metadata store {@code memory} is the same without the file.
 */
@NullMarked
package io.brokkr.storage.embeddedmetadata;

import org.jspecify.annotations.NullMarked;
