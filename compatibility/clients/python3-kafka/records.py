"""Tests of records: without groups and administration."""

import time

from connection import PATIENCE_S, Unsupported, expect, take, values
from kafka import TopicPartition
from kafka.errors import KafkaError, UnsupportedCodecError

RECORDS = 500
# A record of this many bytes, without key and headers, makes a batch of 1,048,588 bytes: the default of max.message.bytes.
LARGEST_VALUE = 1048516
TOO_LARGE_VALUE = 1048588


def api_versions(connection):
    if connection.api_version:
        raise Unsupported("with a version given the client does not ask for the broker's")
    consumer = connection.consumer()
    found = consumer.config["api_version"]
    assert found >= (2, 0), "the client takes the broker for Kafka %s" % (found,)
    consumer.close()


def metadata(connection):
    topic = connection.name("metadata")
    producer = connection.producer()
    assert producer.partitions_for(topic) == {0}, "partitions %s" % producer.partitions_for(topic)
    producer.close()
    consumer = connection.consumer()
    assert topic in consumer.topics(), "%s is not among the topics" % topic
    assert consumer.partitions_for_topic(topic) == {0}
    consumer.close()


def produce(connection):
    for acks in (1, "all"):
        connection.produce(connection.name("produce-acks-%s" % acks), range(RECORDS), acks=acks)
    producer = connection.producer(acks=0)
    topic = connection.name("produce-acks-0")
    for _ in range(RECORDS):
        producer.send(topic, value=b"unacknowledged").get(timeout=PATIENCE_S)
    producer.close()
    take_all = connection.read(topic, RECORDS)
    assert len(take_all) == RECORDS, len(take_all)


def fetch(connection):
    topic = connection.name("fetch")
    connection.produce(topic, range(RECORDS))
    read_back(connection, topic)


def read_back(connection, topic):
    read = connection.read(topic, RECORDS)
    expect(values(RECORDS), [record.value for record in read])
    expect([b"%d" % n for n in range(RECORDS)], [record.key for record in read])
    expect(list(range(RECORDS)), [record.offset for record in read])


def produce_v2_regression(connection):
    """A response whose fields are in another order leaves the client without its acknowledgement, or with a wrong one."""
    topic = connection.name("produce-v2")
    began = time.monotonic()
    connection.produce(topic, range(10), retries=0)
    connection.produce(topic + "-all", range(10), retries=0, acks="all")
    assert time.monotonic() - began < 10, "acknowledged after %.1f s" % (time.monotonic() - began)


def empty_topic(connection):
    """A consumer on an empty topic idles without errors, and sees a record that arrives later at once."""
    topic = connection.name("empty")
    connection.create_topic(topic)
    consumer = connection.consumer(topic, group_id=None)
    idle_until = time.monotonic() + 5
    while time.monotonic() < idle_until:
        assert consumer.poll(timeout_ms=500) == {}, "a record out of nothing"
    assert consumer.assignment() == {TopicPartition(topic, 0)}, consumer.assignment()
    producer = connection.producer()
    producer.send(topic, value=b"late").get(timeout=PATIENCE_S)
    acknowledged = time.monotonic()
    seen = [record.value for record in take(consumer, 1)]
    waited = time.monotonic() - acknowledged
    assert seen == [b"late"], seen
    assert waited < 2, "seen %.1f s after the acknowledgement" % waited
    producer.close()
    consumer.close()


def headers(connection):
    # With (0, 11) the client produces headers and fetches as Kafka 0.10 did.
    connection.require_version((0, 11, 0), "headers in what this client fetches")
    topic = connection.name("headers")
    sent = [("name", b"value"), ("name", b"again"), ("empty", b""), ("\u00e9", bytes(range(256)))]
    producer = connection.producer()
    producer.send(topic, key=b"key", value=b"value", headers=sent).get(timeout=PATIENCE_S)
    producer.close()
    record = connection.read(topic, 1)[0]
    assert record.headers == sent, record.headers


def nulls(connection):
    topic = connection.name("nulls")
    sent = [(None, b"value"), (b"key", None), (None, b""), (b"", b"value"), (b"key", b"value")]
    producer = connection.producer()
    for key, value in sent:
        producer.send(topic, key=key, value=value).get(timeout=PATIENCE_S)
    producer.close()
    expect(sent, [(record.key, record.value) for record in connection.read(topic, len(sent))])


def codec(name):
    def test(connection):
        if name == "zstd":
            connection.require_version((2, 1), "zstd")
        topic = connection.name(name)
        try:
            connection.produce(topic, range(RECORDS), compression_type=name, linger_ms=20)
            read_back(connection, topic)
        except UnsupportedCodecError as error:
            raise Unsupported(str(error))

    return test


def large_messages(connection):
    topic = connection.name("large")
    producer = connection.producer(max_request_size=4 * 1024 * 1024, buffer_memory=64 * 1024 * 1024)
    largest = b"x" * LARGEST_VALUE
    producer.send(topic, value=largest).get(timeout=PATIENCE_S)
    try:
        producer.send(topic, value=b"x" * TOO_LARGE_VALUE).get(timeout=PATIENCE_S)
        raise AssertionError("a record above the limit is accepted")
    except KafkaError as error:
        assert type(error).__name__ in ("MessageSizeTooLargeError", "RecordTooLargeError"), repr(error)
    producer.send(topic, value=b"small").get(timeout=PATIENCE_S)
    producer.close()
    read = connection.read(topic, 2, max_partition_fetch_bytes=2 * 1024 * 1024)
    assert [record.value for record in read] == [largest, b"small"], [len(record.value) for record in read]


def list_offsets_by_time(connection):
    topic = connection.name("times")
    partition = TopicPartition(topic, 0)
    connection.require_version((0, 10), "timestamps")
    first = int(time.time() * 1000) - 1000 * RECORDS
    producer = connection.producer()
    for n in range(RECORDS):
        producer.send(topic, value=b"%d" % n, timestamp_ms=first + 1000 * n)
    producer.close()
    expect([first + 1000 * n for n in range(RECORDS)], [record.timestamp for record in connection.read(topic, RECORDS)])
    consumer = connection.consumer()
    assert consumer.beginning_offsets([partition]) == {partition: 0}
    assert consumer.end_offsets([partition]) == {partition: RECORDS}
    for asked, offset, found in ((0, 0, 0), (first, 0, 0), (first + 99500, 100, 100), (first + 100000, 100, 100)):
        seen = consumer.offsets_for_times({partition: asked})[partition]
        assert seen[:2] == (offset, first + 1000 * found), "%s for %d" % (seen, asked - first)
    assert consumer.offsets_for_times({partition: first + 1000 * RECORDS})[partition] is None
    consumer.close()


def idempotent(connection):
    connection.require_release((2, 3), "idempotent producer")
    connection.require_version((0, 11), "idempotent producer")
    topic = connection.name("idempotent")
    connection.produce(topic, range(RECORDS), enable_idempotence=True, batch_size=100)
    read_back(connection, topic)


def pipelined(connection):
    """Many small requests, five in flight: the order of the records is kept."""
    topic = connection.name("pipelined")
    connection.produce(topic, range(RECORDS), max_in_flight_requests_per_connection=5, batch_size=100, retries=0)
    read_back(connection, topic)


def slow_consumer(connection):
    """Fetches smaller than the producer's batches. Before Kafka 0.10.1 a fetch had to hold the whole batch."""
    topic = connection.name("slow")
    sent = [b"%d" % n * 100 for n in range(RECORDS)]
    producer = connection.producer(linger_ms=20)
    for value in sent:
        producer.send(topic, value=value)
    producer.close()
    old = connection.api_version is not None and connection.api_version < (0, 10, 1)
    fetch_size = 20000 if old else 1000
    consumer = connection.consumer(
        max_partition_fetch_bytes=fetch_size, fetch_max_bytes=fetch_size, max_poll_records=7
    )
    consumer.assign([TopicPartition(topic, 0)])
    expect(sent, [record.value for record in take(consumer, RECORDS)])
    consumer.close()


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
