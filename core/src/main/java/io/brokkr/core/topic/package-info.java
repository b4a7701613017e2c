/**
 * The topics of the cluster: what they are called, how they are kept, and which settings they have.
 *
 * <p>{@link io.brokkr.core.topic.TopicRegistry} is the way in. It keeps every topic in memory, and as one readable entry ({@link
 * io.brokkr.core.topic.TopicFormat}) in the metadata store, from where it reads them all at the start. It knows nothing of logs: a
 * {@link io.brokkr.core.topic.TopicListener} is told when a topic changes or goes, and so are the plugins of what goes.
 *
 * <p>Changes of one name are made one after the other, those of different names side by side. Whatever is looked up is what the metadata store
 * has kept already.
 */
@NullMarked
package io.brokkr.core.topic;

import org.jspecify.annotations.NullMarked;
