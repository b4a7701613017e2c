"""Tests of the admin client. The releases give raw responses; those are read here."""

from connection import await_true, expect, take
from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import KafkaError

RECORDS = 100


def admin(connection):
    connection.require_version((0, 10, 1), "calls of an admin client")
    topic = connection.name("admin")
    client = connection.admin()
    client.create_topics([NewTopic(topic, 3, 1, topic_configs={"retention.ms": "60000"})])
    await_true("the topic is there", lambda: topic in client.list_topics())
    expect_error("TopicAlreadyExistsError", lambda: client.create_topics([NewTopic(topic, 3, 1)]))
    expect_error("InvalidTopicError", lambda: client.create_topics([NewTopic("no/slash", 1, 1)]))
    expect_error("InvalidReplicationFactorError", lambda: client.create_topics([NewTopic(topic + "-replicas", 1, 3)]))
    partitions = client.describe_topics([topic])[0]["partitions"]
    assert len(partitions) == 3 and all(len(partition["isr"]) == 1 for partition in partitions), partitions
    brokers = client.describe_cluster()["brokers"]
    assert ["%s:%d" % (broker["host"], broker["port"]) for broker in brokers] == [connection.bootstrap], brokers

    assert config(client, topic, "retention.ms") == "60000"
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"retention.ms": "120000"})])
    await_true("retention.ms is altered", lambda: config(client, topic, "retention.ms") == "120000")
    assert config(client, topic, "cleanup.policy") == "delete"

    client.create_partitions({topic: NewPartitions(5)})
    await_true("five partitions", lambda: len(client.describe_topics([topic])[0]["partitions"]) == 5)
    expect_error("InvalidPartitionsError", lambda: client.create_partitions({topic: NewPartitions(2)}))
    client.delete_topics([topic])
    await_true("the topic is gone", lambda: topic not in client.list_topics())
    expect_error("UnknownTopicOrPartitionError", lambda: client.delete_topics([topic]))
    client.close()


def config(client, topic, name):
    described = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    for response in described:
        for resource in response.resources:
            for entry in resource[4]:
                if entry[0] == name:
                    return entry[1]
    raise AssertionError("%s is not described" % name)


def expect_error(name, call):
    try:
        call()
    except KafkaError as error:
        assert type(error).__name__ == name, repr(error)
        return
    raise AssertionError("no %s" % name)


def delete_records(connection):
    connection.require_release((2, 3), "deletion of records")
    topic = connection.name("deleted")
    partition = TopicPartition(topic, 0)
    connection.produce(topic, range(RECORDS))
    client = connection.admin()
    client.delete_records({partition: 40})
    consumer = connection.consumer()
    assert consumer.beginning_offsets([partition]) == {partition: 40}
    assert consumer.end_offsets([partition]) == {partition: RECORDS}
    consumer.close()
    expect(list(range(40, RECORDS)), [record.offset for record in connection.read(topic, RECORDS - 40)])
    client.close()


def group_admin(connection):
    connection.require_version((1, 1), "DeleteGroups")
    topic = connection.name("groups")
    connection.produce(topic, range(RECORDS))
    client = connection.admin()
    consumer = connection.consumer(topic, group_id=topic)
    take(consumer, RECORDS)
    consumer.commit()
    busy = described(client, topic)
    assert state(busy) == "Stable" and len(busy.members) == 1, busy
    expect_deletion(client, topic, "NonEmptyGroupError")
    consumer.close()
    await_true("the group is empty", lambda: state(described(client, topic)) == "Empty")
    assert (topic, "consumer") in [tuple(group[:2]) for group in client.list_consumer_groups()]
    offsets = client.list_consumer_group_offsets(topic)
    assert [offset.offset for offset in offsets.values()] == [RECORDS], offsets
    expect_deletion(client, topic, "NoError")
    assert topic not in [group[0] for group in client.list_consumer_groups()], "still listed"
    client.close()


def described(client, group):
    return client.describe_consumer_groups([group])[0]


def state(description):
    return description.state


def expect_deletion(client, group, name):
    (_, error), = client.delete_consumer_groups([group])
    assert error.__name__ == name, error


TESTS = {"admin": admin, "delete-records": delete_records, "group-admin": group_admin}
