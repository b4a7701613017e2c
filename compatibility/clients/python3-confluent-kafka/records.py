"""Tests of records: without groups and administration."""

import logging
import time

from confluent_kafka import OFFSET_END, KafkaError, TopicPartition
from connection import PATIENCE_S, await_true, expect, flush, take, values

RECORDS = 500
# A record of this many bytes, without key and headers, makes a batch of 1,048,588 bytes: the default of max.message.bytes.
LARGEST_VALUE = 1048516
TOO_LARGE_VALUE = 1048588


class Lines(logging.Handler):
    """What the client says in its log."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def api_versions(connection):
    """librdkafka tells only in its log what it found: features that it derives from the versions."""
    connection.require_version((0, 10), "ApiVersions")
    logger = logging.getLogger("librdkafka")
    said = Lines()
    logger.addHandler(said)
    logger.setLevel(logging.DEBUG)
    producer = connection.producer({"debug": "feature,broker", "logger": logger})
    producer.list_topics(timeout=PATIENCE_S)

    def found():
        producer.poll(0)
        return [line for line in said.lines if "pdated enabled protocol features" in line]

    await_true("the client has found features", found)
    for feature in ("ApiVersion", "MsgVer2", "ThrottleTime", "OffsetTime", "IdempotentProducer", "ZSTD"):
        assert any(feature in line for line in found()), "no %s in: %s" % (feature, found())


def metadata(connection):
    topic = connection.name("metadata")
    connection.create_topic(topic, 3)
    found = connection.producer().list_topics(timeout=PATIENCE_S)
    brokers = ["%s:%d" % (broker.host, broker.port) for broker in found.brokers.values()]
    assert brokers == [connection.bootstrap], brokers
    if connection.broker_version is None:
        assert found.controller_id in found.brokers, "controller %s" % found.controller_id
        assert found.cluster_id, "no cluster id"
    assert topic in found.topics, "%s is not among the topics" % topic
    partitions = connection.producer().list_topics(topic, timeout=PATIENCE_S).topics[topic].partitions
    assert sorted(partitions) == [0, 1, 2], partitions
    for partition in partitions.values():
        assert partition.leader in found.brokers and partition.isrs == [partition.leader], partition


def produce(connection):
    for acks in (1, "all"):
        connection.produce(connection.name("produce-acks-%s" % acks), range(RECORDS), settings={"acks": acks})
    topic = connection.name("produce-acks-0")
    producer = connection.producer({"acks": 0})
    reports = []
    for n in range(RECORDS):
        connection.send(producer, topic, b"record %d" % n, None, reports)
    flush(producer, reports, RECORDS)
    expect(values(RECORDS), [record.value() for record in connection.read(topic, RECORDS)])


def fetch(connection):
    topic = connection.name("fetch")
    connection.produce(topic, range(RECORDS))
    read_back(connection, topic)


def read_back(connection, topic):
    read = connection.read(topic, RECORDS)
    expect(values(RECORDS), [record.value() for record in read])
    expect([b"%d" % n for n in range(RECORDS)], [record.key() for record in read])
    expect(list(range(RECORDS)), [record.offset() for record in read])


def produce_v2_regression(connection):
    """A response whose fields are in another order leaves the client without its acknowledgement, or with a wrong one."""
    topic = connection.name("produce-v2")
    once = {"retries": 0, "delivery.timeout.ms": 10000, "linger.ms": 0}
    connection.produce(topic, range(10), settings={"acks": 1, **once})
    connection.produce(topic + "-all", range(10), settings={"acks": "all", **once})


def empty_topic(connection):
    """A consumer on an empty topic idles without errors, and sees a record that arrives later at once."""
    topic = connection.name("empty")
    connection.create_topic(topic)
    consumer = connection.consumer("unused", {"enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, 0)])
    idle_until = time.monotonic() + 5
    while time.monotonic() < idle_until:
        record = consumer.poll(0.5)
        assert record is None, "%s out of nothing" % (record.error() or record.value())
    assert connection.errors == [], connection.errors
    producer = connection.producer()
    reports = []
    connection.send(producer, topic, b"late", None, reports)
    flush(producer, reports, 1)
    acknowledged = time.monotonic()
    seen = [record.value() for record in take(consumer, 1)]
    waited = time.monotonic() - acknowledged
    assert seen == [b"late"], seen
    assert waited < 2, "seen %.1f s after the acknowledgement" % waited
    consumer.close()


def headers(connection):
    connection.require_version((0, 11), "headers")
    topic = connection.name("headers")
    sent = [("name", b"value"), ("name", b"again"), ("empty", b""), ("null", None), ("\u00e9", bytes(range(256)))]
    producer = connection.producer()
    reports = []
    connection.send(producer, topic, b"value", b"key", reports, headers=sent)
    flush(producer, reports, 1)
    record = connection.read(topic, 1)[0]
    assert record.headers() == sent, record.headers()


def nulls(connection):
    topic = connection.name("nulls")
    sent = [(None, b"value"), (b"key", None), (None, None), (b"key", b""), (b"key", b"value")]
    producer = connection.producer()
    reports = []
    for key, value in sent:
        connection.send(producer, topic, value, key, reports)
    flush(producer, reports, len(sent))
    expect(sent, [(record.key(), record.value()) for record in connection.read(topic, len(sent))])


def codec(name):
    def test(connection):
        if name == "zstd":
            connection.require_version((2, 1), "zstd")
        topic = connection.name(name)
        connection.produce(topic, range(RECORDS), settings={"compression.type": name, "linger.ms": 20})
        read_back(connection, topic)

    return test


def large_messages(connection):
    topic = connection.name("large")
    producer = connection.producer({"message.max.bytes": 4 * 1024 * 1024})
    largest = b"x" * LARGEST_VALUE
    outcomes = []
    for value in (largest, b"x" * TOO_LARGE_VALUE, b"small"):
        connection.send(producer, topic, value, None, outcomes)
        assert producer.flush(PATIENCE_S) == 0, "no report"
    at_limit, over, after = outcomes
    assert not isinstance(at_limit, KafkaError), at_limit
    assert isinstance(over, KafkaError) and over.code() == KafkaError.MSG_SIZE_TOO_LARGE, over
    assert not isinstance(after, KafkaError), after
    read = connection.read(topic, 2, fetching(2 * 1024 * 1024) if is_old(connection) else None)
    assert [record.value() for record in read] == [largest, b"small"], [len(record.value()) for record in read]


def list_offsets_by_time(connection):
    topic = connection.name("times")
    first = int(time.time() * 1000) - 1000 * RECORDS
    producer = connection.producer()
    reports = []
    stamps = [first + 1000 * n for n in range(RECORDS)]
    for stamp in stamps:
        connection.send(producer, topic, b"value", None, reports, timestamp=stamp)
    flush(producer, reports, RECORDS)
    consumer = connection.consumer("unused")
    ends = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=PATIENCE_S)
    assert ends == (0, RECORDS), ends
    connection.require_version((0, 10, 1), "search by time")
    expect(stamps, [record.timestamp()[1] for record in connection.read(topic, RECORDS)])
    past_end = first + 1000 * RECORDS
    for asked, offset in ((0, 0), (first, 0), (first + 99500, 100), (first + 100000, 100), (past_end, OFFSET_END)):
        found, = consumer.offsets_for_times([TopicPartition(topic, 0, asked)], timeout=PATIENCE_S)
        assert found.error is None and found.offset == offset, "%s for %d" % (found, asked - first)
    consumer.close()


def idempotent(connection):
    connection.require_version((0, 11), "idempotent producer")
    topic = connection.name("idempotent")
    connection.produce(topic, range(RECORDS), settings={"enable.idempotence": True, "batch.num.messages": 10, "linger.ms": 0})
    read_back(connection, topic)


def pipelined(connection):
    """Many small requests, five in flight: the order of the records is kept."""
    topic = connection.name("pipelined")
    settings = {"max.in.flight.requests.per.connection": 5, "batch.num.messages": 5, "linger.ms": 0, "retries": 0}
    connection.produce(topic, range(RECORDS), settings=settings)
    read_back(connection, topic)


def slow_consumer(connection):
    """Fetches smaller than the producer's batches."""
    topic = connection.name("slow")
    sent = [b"%d" % n * 100 for n in range(RECORDS)]
    producer = connection.producer({"linger.ms": 20, "batch.num.messages": 50})
    reports = []
    for value in sent:
        connection.send(producer, topic, value, None, reports)
    flush(producer, reports, RECORDS)
    seen = connection.read(topic, RECORDS, fetching(60000 if is_old(connection) else 1000))
    expect(sent, [record.value() for record in seen])


def fetching(size):
    return {
        "fetch.message.max.bytes": size,
        "fetch.max.bytes": size,
        "message.max.bytes": size,
        "queued.min.messages": 1,
    }


def is_old(connection):
    """Before Kafka 0.10.1 a fetch had to hold the whole batch."""
    return connection.broker_version is not None and connection.broker_version < (0, 10)


TESTS = {
    "api-versions": api_versions,
    "metadata": metadata,
    "produce": produce,
    "fetch": fetch,
    "produce-v2-regression": produce_v2_regression,
    "empty-topic": empty_topic,
    "headers": headers,
    "nulls": nulls,
    "codec-gzip": codec("gzip"),
    "codec-snappy": codec("snappy"),
    "codec-lz4": codec("lz4"),
    "codec-zstd": codec("zstd"),
    "large-messages": large_messages,
    "list-offsets-by-time": list_offsets_by_time,
    "idempotent": idempotent,
    "pipelined": pipelined,
    "slow-consumer": slow_consumer,
}
