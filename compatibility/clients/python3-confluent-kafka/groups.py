"""Tests of consumer groups."""

import threading

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from connection import PATIENCE_S, await_true, expect, take, values

RECORDS = 500
PARTITIONS = 6


class Member:
    """A group member that polls on a thread of its own."""

    def __init__(self, connection, topic, seen, settings=None):
        timings = {"heartbeat.interval.ms": 300, "session.timeout.ms": 10000, "auto.commit.interval.ms": 500}
        self.consumer = connection.consumer(topic, {**timings, **(settings or {})})
        self.topic = topic
        self.seen = seen
        self.owned = set()
        self.rebalances = 0
        self.failure = None
        self.leaving = False
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self):
        try:
            self.consumer.subscribe([self.topic], on_assign=self.count, on_revoke=self.count)
            while not self.leaving:
                record = self.consumer.poll(0.1)
                if record is not None and not record.error():
                    self.seen.append(record.value())
                elif record is not None and record.error().code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                    raise KafkaException(record.error())
                self.owned = {partition.partition for partition in self.consumer.assignment()}
            self.consumer.close()
        except Exception as error:
            self.failure = error

    def count(self, *_):
        self.rebalances += 1

    def require_healthy(self):
        if self.failure:
            raise self.failure

    def leave(self):
        self.leaving = True
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive(), "a member hangs in close"
        self.require_healthy()


def consumer_group(connection):
    """A consumer with automatic commits reads all; the next of the group finds nothing but what comes later."""
    connection.require_version((0, 9), "consumer groups that this client knows")
    topic = connection.name("group")
    connection.produce(topic, range(RECORDS))
    expect(values(RECORDS), read_in_group(connection, topic, RECORDS))
    connection.produce(topic, range(RECORDS, RECORDS + 10))
    expect(values(RECORDS + 10, RECORDS), read_in_group(connection, topic, 10))


def read_in_group(connection, topic, count):
    consumer = connection.consumer(topic)
    consumer.subscribe([topic])
    seen = [record.value() for record in take(consumer, count)]
    consumer.close()
    return seen


def list_groups(connection):
    # Told of an older version the library does not send the call, and its caller waits in vain.
    connection.require_version((0, 10), "ListGroups in this client")
    topic = connection.name("listed")
    connection.produce(topic, range(1))
    consumer = connection.consumer(topic)
    consumer.subscribe([topic])
    take(consumer, 1)
    groups = connection.admin().list_groups(timeout=PATIENCE_S)
    assert topic in [group.id for group in groups], "not listed among %s" % [group.id for group in groups]
    described, = connection.admin().list_groups(topic, timeout=PATIENCE_S)
    assert described.state == "Stable" and len(described.members) == 1, (described.state, described.members)
    consumer.close()


def commit_and_resume(connection):
    before_restart(connection, "commit")
    resume(connection, connection.name("commit"), RECORDS)


def before_restart(connection, name="restart"):
    """Reads half and commits."""
    topic = connection.name(name)
    connection.produce(topic, range(RECORDS))
    connection.require_version((0, 9), "committed offsets that this client knows")
    consumer = connection.consumer(topic, {"enable.auto.commit": False})
    consumer.subscribe([topic])
    expect(values(RECORDS // 2), [record.value() for record in take(consumer, RECORDS // 2)])
    done, = consumer.commit(offsets=[TopicPartition(topic, 0, RECORDS // 2)], asynchronous=False)
    assert done.error is None, done.error
    consumer.close()


def after_restart(connection):
    topic = connection.name("restart")
    expect(values(RECORDS), [record.value() for record in connection.read(topic, RECORDS)])
    connection.produce(topic, range(RECORDS, RECORDS + 10))
    resume(connection, topic, RECORDS + 10)


def resume(connection, topic, end):
    """The next member goes on at the commit."""
    connection.require_version((0, 9), "committed offsets that this client knows")
    consumer = connection.consumer(topic, {"enable.auto.commit": False})
    consumer.subscribe([topic])
    expect(values(end, RECORDS // 2), [record.value() for record in take(consumer, end - RECORDS // 2)])
    committed, = consumer.committed([TopicPartition(topic, 0)], timeout=PATIENCE_S)
    assert committed.offset == RECORDS // 2, "committed is %s" % committed
    consumer.close()


def rebalance(connection):
    connection.require_version((0, 9), "groups with members")
    members_come_and_go(connection, connection.name("rebalance"), {})


def cooperative(connection):
    connection.require_version((0, 9), "groups with members")
    settings = {"partition.assignment.strategy": "cooperative-sticky"}
    members_come_and_go(connection, connection.name("cooperative"), settings)


def members_come_and_go(connection, topic, settings):
    """One member, then three, then one: each time the partitions are shared evenly and all records are seen."""
    connection.create_topic(topic, PARTITIONS)
    seen = []
    members = [Member(connection, topic, seen, settings)]
    await_shared(members)
    produce_and_await(connection, topic, seen, 0)
    members += [Member(connection, topic, seen, settings) for _ in range(2)]
    await_shared(members)
    produce_and_await(connection, topic, seen, RECORDS)
    members.pop(0).leave()
    members.pop(0).leave()
    await_shared(members)
    produce_and_await(connection, topic, seen, 2 * RECORDS)
    members[0].leave()


def static_members(connection):
    """A static member that goes and comes back within its session keeps its partitions, and the other notices nothing (KIP-345)."""
    connection.require_version((2, 3), "static members")
    topic = connection.name("static")
    connection.create_topic(topic, PARTITIONS)
    seen = []
    stays, goes = [Member(connection, topic, seen, {"group.instance.id": name}) for name in ("stays", "goes")]
    await_shared([stays, goes])
    before, rebalances = goes.owned, stays.rebalances
    goes.leave()
    back = Member(connection, topic, seen, {"group.instance.id": "goes"})
    await_shared([stays, back])
    assert back.owned == before, "%s instead of %s" % (back.owned, before)
    assert stays.rebalances == rebalances, "the other member saw %d rebalances" % (stays.rebalances - rebalances)
    stays.leave()
    back.leave()


def await_shared(members):
    def shared():
        for member in members:
            member.require_healthy()
        each = [member.owned for member in members]
        return all(len(owned) == PARTITIONS // len(members) for owned in each) and len(set().union(*each)) == PARTITIONS

    await_true("an even share for %d members" % len(members), shared)


def produce_and_await(connection, topic, seen, start):
    connection.produce(topic, range(start, start + RECORDS), PARTITIONS)
    sent = set(values(start + RECORDS, start))
    await_true("all records from %d" % start, lambda: sent.issubset(seen))


TESTS = {
    "consumer-group": consumer_group,
    "list-groups": list_groups,
    "commit-and-resume": commit_and_resume,
    "before-restart": before_restart,
    "after-restart": after_restart,
    "rebalance": rebalance,
    "cooperative": cooperative,
    "static-members": static_members,
}
