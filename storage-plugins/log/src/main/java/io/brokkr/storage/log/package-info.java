/**
 * The engine {@code log}: segment files byte for byte as Apache Kafka 4 writes them, so that its {@code kafka-dump-log} reads them.
 *
 * <h2>What lies in a data folder</h2>
 *
 * <pre>
 *   brokkr-log-format                   the version of this layout; a newer one is refused
 *   brokkr-log-places                   in the first of several data folders, which logs lie in the others: {@link io.brokkr.storage.log.LogPlaces}
 *   brokkr-journal-1                    to -16: what is on the device there, and not yet in the logs' own files: {@link io.brokkr.storage.log.JournalFormat}
 *   orders-0/                           a log: topic, dash, partition
 *     00000000000000000000.log            batches, one behind the other; the name is the segment's base offset
 *     00000000000000000000.index          offset index, sparse, 8 bytes an entry: {@link io.brokkr.storage.log.IndexFile}
 *     00000000000000000000.timeindex      time index, sparse, 12 bytes an entry
 *     00000000000000000000.log.cleaned    with both indexes, a segment that is to take the place of others: {@link io.brokkr.storage.log.SegmentReplacement}
 *     partition.metadata                  the topic's id, as Kafka writes it: {@link io.brokkr.storage.log.TopicIdFile}
 *     brokkr-log-state                    start offset, leader epoch, and what is on the device for certain: {@link io.brokkr.storage.log.LogState}
 *     leader-epoch-checkpoint             like every other checkpoint of the core: a file of that name
 *   orders-1.0123456789abcdef0123456789abcdef-delete/   a deleted log, until its files are gone
 *   brokkr-same-name/ID/orders-0/       a log whose topic has the name of an older one that still lies in the way
 * </pre>
 *
 * <p>Kafka keeps the start offsets of all logs of a folder in one file. Here each log has its own, so that trimming one of 100,000
 * partitions writes some hundred bytes.
 *
 * <h2>What happens when</h2>
 *
 * <ul>
 *   <li><b>Append</b>: one positional write into the page cache, on the caller's thread. Index entries gather in memory and are written 512 at a
 *       time. Nothing is copied.
 *   <li><b>Sync</b>: the log goes into its data folder's queue, which a few threads of that folder work off, one {@code fdatasync} for everything that was appended until then and
 *       everybody who waits for it. When many logs wait, what is new in them is copied into the data folder's {@link io.brokkr.storage.log.Journal}, and one {@code
 *       fdatasync} is for all of them. The threads end when there is nothing to do.
 *   <li><b>Read</b>: a slice of the file, for the transport to send. Near the tail the place is known from memory, without a system call; further
 *       back it is found through the index, on a thread that may block, unless the read begins with what the one before has read. The file stays open for a while.
 *   <li><b>Rest</b>: a log that nobody has appended to for ten to twenty seconds lets go of its file. After forty to fifty it is brought to the device, whatever its
 *       durability, with a state file that says so: then it is closed at once, and need not be read after a crash.
 *   <li><b>Replace</b>: a new segment is written and synced beside the old ones, which are brought to the device and into {@code brokkr-log-state} before. That file then
 *       decides for the new one, in one step. Neither appends nor reads wait for the device meanwhile: reads wait while three files are renamed, syncs while the state
 *       file is written, as at any checkpoint. The old files go at once, but for those who are reading them.
 *   <li><b>Open</b>: what {@code brokkr-log-state} names is trusted, what lies behind it is read and checked; after a clean close that is nothing. A replacement
 *       that it has decided is ended, the files of any other are removed.
 *   <li><b>Trim</b>: the state file says what is dropped, and then the files go, while appends, reads and syncs go on.
 *   <li><b>Delete</b>: the folder gets another name, which is made durable for all logs that wait for that, and its files go: {@link io.brokkr.storage.log.LogDeletions}.
 *   <li><b>Damage</b>: an index is believed only as far as the batches confirm it, and made anew where it does not fit. Where there is no batch though one must be,
 *       reads of the offsets there fail, the log says so once, and all else is served.
 *   <li><b>Failure</b>: a write or a sync that failed ends the log's use until it is opened anew. Nothing is tried a second time. A failure of the journal fails no log, since
 *       its own file is as it was: that is forced instead. Until a log's files could be loaded again, it is read as it was.
 *   <li><b>A data folder that fails</b>, at the start or later: its logs are refused, and looked for again by whoever needs them. New logs are made in other ones, and no log that may lie in
 *       it is.
 * </ul>
 *
 * <h2>Who does what</h2>
 *
 * <p>{@link io.brokkr.storage.log.LogStorageEngine} knows the open logs and {@link io.brokkr.storage.log.DataFolders} the folders, each of them a {@link io.brokkr.storage.log.DataFolder}. {@link
 * io.brokkr.storage.log.OpenedLog} is what an opener sees; below it {@link io.brokkr.storage.log.SegmentedLog} writes, {@link
 * io.brokkr.storage.log.LogReader} reads, {@link io.brokkr.storage.log.LogCheckpoints} brings to the device, {@link io.brokkr.storage.log.LogReplacements} lets segments be
 * replaced one time after the other, {@link io.brokkr.storage.log.LogLoader} opens. {@link io.brokkr.storage.log.SyncQueue} decides which logs are forced by themselves and
 * which together, in a {@link io.brokkr.storage.log.SharedRound}. A {@link io.brokkr.storage.log.Segment} is three files. All of them meet the device
 * in {@link io.brokkr.storage.log.FileOperations}.
 *
 * <p>{@link io.brokkr.storage.log.LogCommand} is the command {@code brokkr log}, for files that no broker has open: {@link io.brokkr.storage.log.SegmentScan} reads what may be
 * damaged, {@link io.brokkr.storage.log.LogCheck} judges a log, {@link io.brokkr.storage.log.LogRepair} mends it, {@link io.brokkr.storage.log.AdoptionPlan} and {@link
 * io.brokkr.storage.log.Adoption} take over what Apache Kafka left.
 */
@NullMarked
package io.brokkr.storage.log;

import org.jspecify.annotations.NullMarked;
