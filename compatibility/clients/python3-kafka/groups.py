"""Tests of consumer groups."""

import threading

from connection import PATIENCE_S, Unsupported, await_true, expect, take, values
from kafka import OffsetAndMetadata, TopicPartition

RECORDS = 500
PARTITIONS = 6


class Member:
    """A group member that polls on a thread of its own."""

    def __init__(self, connection, topic, seen, **settings):
        self.consumer = connection.consumer(
            topic, group_id=topic, heartbeat_interval_ms=300, session_timeout_ms=10000, **settings
        )
        self.seen = seen
        self.owned = set()
        self.rebalances = 0
        self.failure = None
        self.leaving = False
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self):
        try:
            while not self.leaving:
                for records in self.consumer.poll(timeout_ms=100).values():
                    self.seen.extend(record.value for record in records)
                owned = set(self.consumer.assignment())
                if owned != self.owned:
                    self.owned = owned
                    self.rebalances += 1
            self.consumer.close()
        except Exception as error:
            self.failure = error

    def require_healthy(self):
        if self.failure:
            raise self.failure

    def leave(self):
        self.leaving = True
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive(), "a member hangs in close"
        self.require_healthy()


def consumer_group(connection):
    """A consumer with automatic commits reads all; the next of the group finds nothing, and what comes later."""
    topic = connection.name("group")
    connection.produce(topic, range(RECORDS))
    consumer = connection.consumer(topic, group_id=topic)
    expect(values(RECORDS), [record.value for record in take(consumer, RECORDS)])
    consumer.close()
    consumer = connection.consumer(topic, group_id=topic)
    connection.produce(topic, range(RECORDS, RECORDS + 10))
    expect(values(RECORDS + 10, RECORDS), [record.value for record in take(consumer, 10)])
    consumer.close()


def list_groups(connection):
    connection.require_version((0, 9), "ListGroups")
    topic = connection.name("listed")
    connection.produce(topic, range(1))
    consumer = connection.consumer(topic, group_id=topic)
    take(consumer, 1)
    admin = connection.admin()
    groups = admin.list_consumer_groups()
    assert topic in [group[0] for group in groups], "not listed among %s" % groups
    admin.close()
    consumer.close()


def commit_and_resume(connection):
    before_restart(connection, "commit")
    resume(connection, connection.name("commit"))


def before_restart(connection, name="restart"):
    """Reads half and commits."""
    topic = connection.name(name)
    connection.produce(topic, range(RECORDS))
    consumer = connection.consumer(topic, group_id=topic, enable_auto_commit=False)
    expect(values(RECORDS // 2), [record.value for record in take(consumer, RECORDS // 2)][:RECORDS // 2])
    consumer.commit({TopicPartition(topic, 0): commit_at(RECORDS // 2)})
    consumer.close()


def data_kept(connection):
    expect(values(RECORDS), [record.value for record in connection.read(connection.name("restart"), RECORDS)])


def after_restart(connection):
    topic = connection.name("restart")
    data_kept(connection)
    connection.produce(topic, range(RECORDS, RECORDS + 10))
    resume(connection, topic, RECORDS + 10)


def resume(connection, topic, end=RECORDS):
    """The next member goes on at the commit."""
    consumer = connection.consumer(topic, group_id=topic, enable_auto_commit=False)
    read = [record.value for record in take(consumer, end - RECORDS // 2)]
    expect(values(end, RECORDS // 2), read)
    committed = consumer.committed(TopicPartition(topic, 0))
    assert committed == RECORDS // 2, "committed is %s" % committed
    consumer.close()


def commit_at(offset):
    fields = {"offset": offset, "metadata": "half way", "leader_epoch": -1}
    return OffsetAndMetadata(*(fields[name] for name in OffsetAndMetadata._fields))


def rebalance(connection):
    connection.require_version((0, 9), "groups with members")
    members_come_and_go(connection, connection.name("rebalance"))


def cooperative(_):
    raise Unsupported("kafka-python has no cooperative assignor")


def members_come_and_go(connection, topic, **settings):
    """One member, then three, then one: each time the partitions are shared evenly and all records are seen."""
    connection.create_topic(topic, PARTITIONS)
    seen = []
    members = [Member(connection, topic, seen, **settings)]
    await_shared(members)
    produce_and_await(connection, topic, seen, 0)
    members += [Member(connection, topic, seen, **settings) for _ in range(2)]
    await_shared(members)
    produce_and_await(connection, topic, seen, RECORDS)
    members.pop(0).leave()
    members.pop(0).leave()
    await_shared(members)
    produce_and_await(connection, topic, seen, 2 * RECORDS)
    members[0].leave()


def static_members(connection):
    """A static member that goes and comes back within its session keeps its partitions, and the other notices nothing (KIP-345)."""
    connection.require_release((2, 2), "static members")
    topic = connection.name("static")
    connection.create_topic(topic, PARTITIONS)
    seen = []
    stays, goes = [Member(connection, topic, seen, group_instance_id=name) for name in ("stays", "goes")]
    await_shared([stays, goes])
    before, rebalances = goes.owned, stays.rebalances
    goes.leave()
    back = Member(connection, topic, seen, group_instance_id="goes")
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
