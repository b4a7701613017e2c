"""What the tests share: the client's objects with the settings of this run, and reading and comparing records."""

import itertools
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PATIENCE_S = 30


class Unsupported(Exception):
    """The library, or the version that it is told to speak, does not have this."""


class Connection:
    """The broker and the version that the client is told to take it for; None leaves that to the client."""

    def __init__(self, bootstrap, prefix, broker_version):
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.errors = []
        self.broker_version = None
        self.settings = {"bootstrap.servers": bootstrap, "error_cb": self.errors.append}
        if broker_version != "default":
            self.broker_version = tuple(int(part) for part in broker_version.split("."))
            self.settings.update({"api.version.request": False, "broker.version.fallback": broker_version})

    def require_version(self, least, what):
        if self.broker_version and self.broker_version < least:
            raise Unsupported("Kafka %s had no %s" % (".".join(map(str, self.broker_version)), what))

    def name(self, suffix):
        return self.prefix + "-" + suffix

    def producer(self, settings=None):
        return Producer({**self.settings, **(settings or {})})

    def consumer(self, group, settings=None):
        return Consumer({**self.settings, "group.id": group, "auto.offset.reset": "earliest", **(settings or {})})

    def admin(self):
        return AdminClient(self.settings)

    def create_topic(self, topic, partitions=1):
        """A precondition of tests: made with whatever version the client finds, not the one under test."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        try:
            admin.create_topics([NewTopic(topic, partitions, 1)])[topic].result(PATIENCE_S)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
        await_true("the topic is there", lambda: topic in admin.list_topics(timeout=PATIENCE_S).topics)

    def produce(self, topic, numbers, partitions=1, settings=None):
        """Keys and values tell the number. Requires that each is acknowledged at the offset that follows."""
        producer = self.producer(settings)
        reports = []
        for n in numbers:
            self.send(producer, topic, b"record %d" % n, b"%d" % n, reports, partition=n % partitions)
        flush(producer, reports, len(numbers))
        if partitions == 1:
            expect(list(numbers), [message.offset() for message in reports])

    @staticmethod
    def send(producer, topic, value, key=None, reports=None, **more):
        """Reports get the message, or the error."""

        def on_delivery(error, message):
            if reports is not None:
                reports.append(message if error is None else error)

        producer.produce(topic, value, key, on_delivery=on_delivery, **more)
        producer.poll(0)

    def read(self, topic, count, settings=None):
        """The first so many records of partition 0, without a group's commits."""
        consumer = self.consumer("unused", {"enable.auto.commit": False, **(settings or {})})
        consumer.assign([TopicPartition(topic, 0, 0)])
        records = take(consumer, count)
        consumer.close()
        return records


def flush(producer, reports, count):
    """Waits for the reports and raises the first error among them."""
    left = producer.flush(PATIENCE_S)
    for report in reports:
        if isinstance(report, KafkaError):
            raise KafkaException(report)
    assert left == 0 and len(reports) == count, "%d of %d reports, %d left" % (len(reports), count, left)


def take(consumer, count):
    records = []
    deadline = time.monotonic() + PATIENCE_S
    while len(records) < count:
        assert time.monotonic() < deadline, "%d of %d records within %d s" % (len(records), count, PATIENCE_S)
        for record in consumer.consume(count - len(records), timeout=0.5):
            if record.error():
                # The topic was not there when the consumer subscribed to it.
                if record.error().code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                    raise KafkaException(record.error())
            else:
                records.append(record)
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
