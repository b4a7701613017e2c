/**
 * Record interceptors: they look at the records of a topic when they are produced, and accept them, refuse them, or change what they carry; and when they are fetched, and show them,
 * withhold them, or change what a consumer sees of them.
 *
 * <h2>Where to start</h2>
 *
 * <p>A plugin is a jar with a {@link io.brokkr.spi.record.RecordInterceptorFactory} service provider. It makes {@link io.brokkr.spi.record.RecordInterceptors}, which give a
 * {@link io.brokkr.spi.record.RecordInterceptor} for each topic with which it has to do. That is shown each {@linkplain io.brokkr.spi.record.InterceptedBatch batch} which is to be
 * appended, or was read for a consumer, and has a {@link io.brokkr.spi.record.Verdict} on each of its records.
 *
 * <h2>Which produced records are intercepted</h2>
 *
 * <ol>
 *   <li>Those of topics whose setting {@code record.interceptors} names the interceptor, before they are stored. What it names works in the order in which it is named, and each is
 *       shown what those before it made of the batch. Nobody else intercepts a topic; one that names nobody never meets this code.
 *   <li>Never those of the broker's own topics, such as {@code __consumer_offsets}, and never control batches.
 *   <li>What clients before Kafka 0.11 send is converted first: an interceptor sees batches of magic 2 only.
 *   <li>A batch that a producer sends again, since it heard no answer, is intercepted again, and recognised as a repetition afterwards.
 *   <li>An interceptor that is named and not loaded, or that gave no answer for the topic, lets no record in: produce requests fail with {@code INVALID_CONFIG} until it is there.
 *       So taking a plugin away never lets records pass unchecked.
 * </ol>
 *
 * <h2>What becomes of them</h2>
 *
 * <ol>
 *   <li>If one record is refused, its whole batch is: the client gets {@code INVALID_RECORD} and, from version 8 of Produce on, the place and the reason of each refused record,
 *       of the first {@value io.brokkr.spi.record.RefusedRecordsException#MOST_ERRORS} at most (KIP-467). Interceptors that come later in the order are not asked.
 *   <li>An interceptor may change the value and the headers of a record, and nothing else: the number of records, their order, keys, offsets and timestamps stay, and so do the producer,
 *       its sequences and the compression of the batch. The key stays since it has chosen the partition already, and compaction goes by it.
 *   <li>A batch in which nothing changes is stored as it arrived, byte for byte. One in which something does is written anew, and must not exceed {@code max.message.bytes}.
 *   <li>An interceptor that throws costs the batch: nothing of it is stored, the client gets {@code UNKNOWN_SERVER_ERROR}, and the log names the plugin.
 *   <li>Compressed batches are opened one record at a time when an interceptor looks at them. Without a codec they are refused with {@code UNSUPPORTED_COMPRESSION_TYPE}, and those that
 *       decompress to more than is good for a broker with {@code MESSAGE_TOO_LARGE}.
 * </ol>
 *
 * <h2>What consumers read</h2>
 *
 * <ol>
 *   <li>What a topic's setting {@code record.interceptors.fetch} names sees each batch that is read with the isolation of a consumer, whichever API reads it, and each time that it is read; the log stays
 *       as it is. It works in the order in which it is named. The two settings are independent: one interceptor may be in both, in either, or in neither.
 *   <li>A record that is refused is not shown; the others of its batch are, with their own offsets, so that consumers see a gap, as after compaction. A batch of which nothing is shown
 *       comes without records, which brings its reader behind it. The formats before Kafka 0.11 know no such batch: a client below version 4 of Fetch does not get past a mebibyte of records in
 *       a row that are not shown. The reason is told to nobody.
 *   <li>What may be changed is the same as on the way into the log; so are control batches and the broker's own topics left alone.
 *   <li>As long as an interceptor is named and not loaded, or fails, or gave no answer for the topic, consumers get no records of it, but {@code UNKNOWN_SERVER_ERROR}, after which they try again, and
 *       the log names the reason: what nobody should see is not shown because a plugin is away.
 *   <li>A batch that cannot be opened costs its fetch: {@code CORRUPT_MESSAGE}, or {@code UNSUPPORTED_COMPRESSION_TYPE} without a codec.
 *   <li>What is read is copied, opened and checked for it, instead of going from file to socket, and lies in memory until it is sent; so such a topic costs several times what others do. A
 *       fetch has less of each partition, and of all of them as much as {@code fetch.interception.memory.bytes} allows.
 *   <li>Offsets that are looked up by time are those of the log, of records that are not shown, too.
 * </ol>
 *
 * <h2>Life cycle</h2>
 *
 * <ol>
 *   <li>{@link io.brokkr.spi.record.RecordInterceptorFactory#create} is called once, when the storage is open.
 *   <li>{@link io.brokkr.spi.record.RecordInterceptors#onProduce} and {@link io.brokkr.spi.record.RecordInterceptors#onFetch} are asked for a partition when it is opened, and again when the settings of its topic change or plugins come and go.
 *   <li>When the plugin goes, no batch is given to its interceptors any more; those that they are at are awaited for {@code shutdown.timeout.ms}; then {@link
 *       io.brokkr.spi.record.RecordInterceptorFactory#close} is called once. A newer version of the plugin takes its place in one step, without a moment in which there is neither.
 * </ol>
 *
 * <h2>Threads</h2>
 *
 * <ol>
 *   <li>An interceptor is called on threads for work that takes long: of what is produced with one batch of a partition after the other, in the order in which they are appended; of what is
 *       fetched with one batch of each fetch. It may take its time;
 *       what comes behind in the same partition waits, and all work of this kind in the broker shares these threads ({@code background.threads}).
 *   <li>One that says that it {@linkplain io.brokkr.spi.record.RecordInterceptor#isQuick is quick} is called on the event loop instead for batches that are produced and not compressed. It must
 *       not block there.
 *   <li>Batches of different partitions are given to the same interceptor concurrently. It is thread-safe.
 *   <li>The thread's context class loader is the plugin's.
 * </ol>
 *
 * <h2>Memory</h2>
 *
 * <p>A batch is valid until {@code intercept} returns, and a record until its verdict is given. Keys and values are views of the memory in which the batch lies or is decompressed; what
 * a verdict holds is copied before the next record is shown.
 */
@NullMarked
@Stability(Stability.Level.EVOLVING)
package io.brokkr.spi.record;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
