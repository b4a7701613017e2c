"""Tests of the admin client."""

import confluent_kafka
from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import ConfigResource, NewPartitions, NewTopic
from connection import PATIENCE_S, Unsupported, await_true, expect, take

RECORDS = 100


def admin(connection):
    connection.require_version((0, 11), "calls of an admin client")
    topic = connection.name("admin")
    client = connection.admin()
    new = NewTopic(topic, 3, 1, config={"retention.ms": "60000"})
    result(client.create_topics([new]))
    await_true("the topic is there", lambda: topic in topics(client))
    expect_error(KafkaError.TOPIC_ALREADY_EXISTS, lambda: result(client.create_topics([new])))
    expect_error(KafkaError.TOPIC_EXCEPTION, lambda: result(client.create_topics([NewTopic("no/slash", 1, 1)])))
    replicated = NewTopic(topic + "-replicas", 1, 3)
    expect_error(KafkaError.INVALID_REPLICATION_FACTOR, lambda: result(client.create_topics([replicated])))
    assert len(topics(client)[topic].partitions) == 3

    assert config(client, topic, "retention.ms") == "60000"
    result(client.alter_configs([ConfigResource("topic", topic, {"retention.ms": "120000"})]))
    await_true("retention.ms is altered", lambda: config(client, topic, "retention.ms") == "120000")
    assert config(client, topic, "cleanup.policy") == "delete"
    wrong = ConfigResource("topic", topic, {"retention.ms": "soon"})
    expect_error(KafkaError.INVALID_CONFIG, lambda: result(client.alter_configs([wrong])))

    result(client.create_partitions([NewPartitions(topic, 5)]))
    await_true("five partitions", lambda: len(topics(client)[topic].partitions) == 5)
    expect_error(
        KafkaError.INVALID_PARTITIONS, lambda: result(client.create_partitions([NewPartitions(topic, 2)]))
    )
    result(client.delete_topics([topic]))
    await_true("the topic is gone", lambda: topic not in topics(client))
    expect_error(KafkaError.UNKNOWN_TOPIC_OR_PART, lambda: result(client.delete_topics([topic])))


def result(futures):
    future, = futures.values()
    return future.result(PATIENCE_S)


def topics(client):
    return client.list_topics(timeout=PATIENCE_S).topics


def config(client, topic, name):
    return result(client.describe_configs([ConfigResource("topic", topic)]))[name].value


def expect_error(code, call):
    try:
        call()
    except KafkaException as error:
        assert error.args[0].code() == code, error
        return
    raise AssertionError("no error %d" % code)


def require_call(client, name):
    if not hasattr(client, name):
        raise Unsupported("confluent-kafka %s has no %s" % (confluent_kafka.version()[0], name))


def delete_records(connection):
    client = connection.admin()
    require_call(client, "delete_records")
    topic = connection.name("deleted")
    connection.produce(topic, range(RECORDS))
    deleted = result(client.delete_records([TopicPartition(topic, 0, 40)]))
    assert deleted.low_watermark == 40, deleted.low_watermark
    consumer = connection.consumer("unused")
    ends = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=PATIENCE_S)
    assert ends == (40, RECORDS), ends
    consumer.assign([TopicPartition(topic, 0, 40)])
    expect(list(range(40, RECORDS)), [record.offset() for record in take(consumer, RECORDS - 40)])
    consumer.close()
    beyond = [TopicPartition(topic, 0, RECORDS + 1)]
    expect_error(KafkaError.OFFSET_OUT_OF_RANGE, lambda: result(client.delete_records(beyond)))


def group_admin(connection):
    client = connection.admin()
    require_call(client, "delete_consumer_groups")
    topic = connection.name("groups")
    connection.produce(topic, range(RECORDS))
    consumer = connection.consumer(topic)
    consumer.subscribe([topic])
    take(consumer, RECORDS)
    consumer.commit(asynchronous=False)
    busy = result(client.describe_consumer_groups([topic]))
    assert busy.state.name == "STABLE" and len(busy.members) == 1, (busy.state, busy.members)
    assert [partition.topic for partition in busy.members[0].assignment.topic_partitions] == [topic]
    expect_error(KafkaError.NON_EMPTY_GROUP, lambda: result(client.delete_consumer_groups([topic])))
    consumer.close()
    await_true("the group is empty", lambda: result(client.describe_consumer_groups([topic])).state.name == "EMPTY")
    assert topic in listed(client), "not listed"
    offsets = result(client.list_consumer_group_offsets([confluent_kafka.ConsumerGroupTopicPartitions(topic)]))
    assert [partition.offset for partition in offsets.topic_partitions] == [RECORDS], offsets.topic_partitions
    result(client.delete_consumer_groups([topic]))
    assert topic not in listed(client), "still listed"


def listed(client):
    return [group.group_id for group in client.list_consumer_groups().result(PATIENCE_S).valid]


TESTS = {"admin": admin, "delete-records": delete_records, "group-admin": group_admin}
