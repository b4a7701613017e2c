"""What the tests share: the client's objects with the settings of this run, and reading and comparing records."""

import itertools
import time

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

PATIENCE_S = 30


class Unsupported(Exception):
    """The library, or the version that it is told to speak, does not have this."""


class Connection:
    """The broker and the version that the client is told to speak; None leaves that to the client."""

    def __init__(self, bootstrap, prefix, api_version):
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.api_version = None if api_version == "default" else tuple(int(part) for part in api_version.split("."))
        self.settings = {"bootstrap_servers": bootstrap}
        if self.api_version:
            self.settings["api_version"] = self.api_version

    def require_version(self, least, what):
        if self.api_version and self.api_version < least:
            raise Unsupported("Kafka %s had no %s" % (".".join(map(str, self.api_version)), what))

    def require_release(self, least, what):
        if tuple(int(part) for part in kafka.__version__.split(".")[:2]) < least:
            raise Unsupported("kafka-python %s has no %s" % (kafka.__version__, what))

    def name(self, suffix):
        return self.prefix + "-" + suffix

    def producer(self, **more):
        return KafkaProducer(**self.settings, **more)

    def consumer(self, *topics, **more):
        return KafkaConsumer(*topics, **{"auto_offset_reset": "earliest", **self.settings, **more})

    def admin(self):
        return KafkaAdminClient(**self.settings)

    def create_topic(self, topic, partitions=1):
        """A precondition of tests: made with whatever version the client finds, not the one under test."""
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            admin.create_topics([NewTopic(topic, partitions, 1)])
        except TopicAlreadyExistsError:
            pass
        finally:
            admin.close()

    def produce(self, topic, numbers, partitions=1, **more):
        """Keys and values tell the number. Requires that each is acknowledged at the offset that follows."""
        producer = self.producer(**more)
        sent = [
            producer.send(topic, key=b"%d" % n, value=b"record %d" % n, partition=n % partitions) for n in numbers
        ]
        offsets = [future.get(timeout=PATIENCE_S).offset for future in sent]
        producer.close()
        if partitions == 1:
            expect(list(numbers), offsets)

    def read(self, topic, count, **more):
        """The first so many records of partition 0, without a group."""
        consumer = self.consumer(**more)
        consumer.assign([TopicPartition(topic, 0)])
        records = take(consumer, count)
        consumer.close()
        return records


def take(consumer, count):
    records = []
    deadline = time.monotonic() + PATIENCE_S
    while len(records) < count:
        assert time.monotonic() < deadline, "%d of %d records within %d s" % (len(records), count, PATIENCE_S)
        for some in consumer.poll(timeout_ms=500).values():
            records += some
    return records


def await_true(what, condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "not within %d s: %s" % (PATIENCE_S, what)
        time.sleep(0.05)


def values(to, start=0):
    return [b"record %d" % n for n in range(start, to)]


def expect(sent, seen):
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(sent, seen)))
    assert sent == seen, "expected %d, saw %d; number %d should be %s and is %s" % (
        len(sent), len(seen), same, sent[same:same + 1], seen[same:same + 1]
    )
