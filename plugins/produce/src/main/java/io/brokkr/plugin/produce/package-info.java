/**
 * The APIs of producers.
 *
 * <p>{@link io.brokkr.plugin.produce.ProduceHandler} takes the record batches of a request to their partitions and gathers the outcomes. What makes a batch
 * acceptable, how the message formats of old producers become batches, and where all that goes, is the partition's business. {@link io.brokkr.plugin.produce.InitProducerIdHandler} gives producers the ids by which
 * partitions recognise a batch that is sent twice (KIP-98); transactions are not served.
 */
@NullMarked
package io.brokkr.plugin.produce;

import org.jspecify.annotations.NullMarked;
