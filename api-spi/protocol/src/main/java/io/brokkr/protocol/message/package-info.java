/**
 * The messages that clients and brokers exchange: every request and response with its headers, and the data that travels
 * inside of them. Generated at build time from the definitions of Apache Kafka; versions that its newest release dropped come from an older one.
 *
 * <p>A class is named as in the definition, and so are its fields: {@code ProduceRequest} has {@code topicData()}, a list of
 * {@code ProduceRequest.TopicProduceData}. A message is made with its {@code builder()}, in which every field has the definition's default,
 * or out of another with {@code toBuilder()}. Setters copy lists and refuse null for what is never null. Requests have a constant {@code API}.
 *
 * <p>A field says in its Javadoc which versions have it. In a version without it, a field reads as its default; on writing,
 * another value is dropped if the definition calls the field ignorable, else refused with {@link
 * io.brokkr.protocol.UnsupportedVersionException}.
 */
@NullMarked
@Stability(Stability.Level.STABLE)
package io.brokkr.protocol.message;

import io.brokkr.protocol.Stability;
import org.jspecify.annotations.NullMarked;
