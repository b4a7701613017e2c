/**
 * Record interceptors: they look at the records of a topic when they are produced, and accept them, refuse them, or change what they carry.
 *
 * <h2>Where to start</h2>
 *
 * <p>A plugin is a jar with a {@link io.brokkr.spi.record.RecordInterceptorFactory} service provider. It makes {@link io.brokkr.spi.record.RecordInterceptors}, which give a
 * {@link io.brokkr.spi.record.RecordInterceptor} for each topic with which it has to do. That is shown each {@linkplain io.brokkr.spi.record.InterceptedBatch batch} which is to be
 * appended, and has a {@link io.brokkr.spi.record.Verdict} on each of its records.
 *
 * <h2>Which records are intercepted</h2>
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
 * <h2>Life cycle</h2>
 *
 * <ol>
 *   <li>{@link io.brokkr.spi.record.RecordInterceptorFactory#create} is called once, when the storage is open.
 *   <li>{@link io.brokkr.spi.record.RecordInterceptors#onProduce} is asked for a partition when it is opened, and again when the settings of its topic change or plugins come and go.
 *   <li>When the plugin goes, no batch is given to its interceptors any more; those that they are at are awaited for {@code shutdown.timeout.ms}; then {@link
 *       io.brokkr.spi.record.RecordInterceptorFactory#close} is called once. A newer version of the plugin takes its place in one step, without a moment in which there is neither.
 * </ol>
 *
 * <h2>Threads</h2>
 *
 * <ol>
 *   <li>An interceptor is called on threads for work that takes long, one batch of a partition after the other, in the order in which they are appended. It may take its time;
 *       what comes behind in the same partition waits, and all work of this kind in the broker shares these threads ({@code background.threads}).
 *   <li>One that says that it {@linkplain io.brokkr.spi.record.RecordInterceptor#isQuick is quick} is called on the event loop instead for batches that are not compressed. It must
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
package io.brokkr.spi.record;

import org.jspecify.annotations.NullMarked;
