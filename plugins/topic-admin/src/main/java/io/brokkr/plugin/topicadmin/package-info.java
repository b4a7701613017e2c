/**
 * The APIs of those who administer topics.
 *
 * <p>One handler an API, all of the same build: {@link io.brokkr.plugin.topicadmin.Stages} works on the items of a request side by side, each ends with an {@link
 * io.brokkr.plugin.topicadmin.Outcome} of its own, and the response has them in the order of the request. An item that fails never fails its neighbours.
 * {@link io.brokkr.plugin.topicadmin.Rights} is asked for each before anything else.
 *
 * <ul>
 *   <li>Topics: {@link io.brokkr.plugin.topicadmin.CreateTopicsHandler}, {@link io.brokkr.plugin.topicadmin.CreatePartitionsHandler}, {@link
 *       io.brokkr.plugin.topicadmin.DeleteTopicsHandler}, {@link io.brokkr.plugin.topicadmin.DeleteRecordsHandler}.
 *   <li>Settings: {@link io.brokkr.plugin.topicadmin.DescribeConfigsHandler} shows what {@link io.brokkr.plugin.topicadmin.SettingValues} finds; {@link
 *       io.brokkr.plugin.topicadmin.AlterConfigsHandler} and {@link io.brokkr.plugin.topicadmin.IncrementalAlterConfigsHandler} hand over to {@link
 *       io.brokkr.plugin.topicadmin.ConfigChanges}.
 *   <li>The command {@code brokkr move-topic}: {@link io.brokkr.plugin.topicadmin.MoveTopicCommand} has {@link io.brokkr.plugin.topicadmin.TopicMove} copy each log ({@link
 *       io.brokkr.plugin.topicadmin.LogCopy}) and then change the topic.
 *   <li>Replicas: {@link io.brokkr.plugin.topicadmin.DescribeLogDirsHandler}, {@link io.brokkr.plugin.topicadmin.ListPartitionReassignmentsHandler}.
 * </ul>
 */
@NullMarked
package io.brokkr.plugin.topicadmin;

import org.jspecify.annotations.NullMarked;
