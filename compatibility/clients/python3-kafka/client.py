"""kafka-python as a client of the matrix: client.py <api version or "default"> <test> <bootstrap server> <prefix>.

Ends with 0 if the client saw what the test promises; else the last line on standard error is its error.
"""

import itertools
import sys
import time

from kafka import KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition

RECORDS = 500
PATIENCE_S = 30
COMPRESSIONS = ["gzip"]  # The others need Python modules that Debian's package does not bring along.


def main():
    api_version, test, bootstrap, prefix = sys.argv[1:]
    settings = {"bootstrap_servers": bootstrap}
    if api_version != "default":
        settings["api_version"] = tuple(int(part) for part in api_version.split("."))
    TESTS[test](settings, prefix)


def produce_and_consume(settings, prefix):
    produce(settings, prefix + "-plain", range(RECORDS))
    expect(values(RECORDS), consume_alone(settings, prefix + "-plain", RECORDS))


def compressed(settings, prefix):
    for compression in COMPRESSIONS:
        topic = prefix + "-" + compression
        produce(dict(settings, compression_type=compression), topic, range(RECORDS))
        expect(values(RECORDS), consume_alone(settings, topic, RECORDS))


def group(settings, prefix):
    """Reads half, commits, leaves; the next member goes on at the commit."""
    topic = prefix + "-group"
    produce(settings, topic, range(RECORDS))
    half = RECORDS // 2
    expect(values(half), consume_in_group(settings, topic, half))
    expect(values(RECORDS, half), consume_in_group(settings, topic, RECORDS - half))


def idle_then_record(settings, prefix):
    """A consumer on an empty topic idles without errors, and sees a record that arrives later at once."""
    topic = prefix + "-idle"
    consumer = KafkaConsumer(topic, auto_offset_reset="earliest", **settings)
    assert consumer.poll(timeout_ms=4000) == {}, "a record out of nothing"
    assert consumer.assignment() == {TopicPartition(topic, 0)}, consumer.assignment()
    producer = KafkaProducer(**settings)
    producer.send(topic, value=b"late").get(timeout=PATIENCE_S)
    acknowledged = time.monotonic()
    seen = [record.value for record in take(consumer, 1)]
    waited = time.monotonic() - acknowledged
    assert seen == [b"late"], seen
    assert waited < 2, "seen %.1f s after the acknowledgement" % waited
    producer.close()
    consumer.close()


def data_kept(settings, prefix):
    expect(values(RECORDS), consume_alone(settings, prefix + "-plain", RECORDS))


def group_resumes(settings, prefix):
    topic = prefix + "-group"
    produce(settings, topic, range(RECORDS, RECORDS + 50))
    expect(values(RECORDS + 50, RECORDS), consume_in_group(settings, topic, 50))


def produce(settings, topic, numbers):
    producer = KafkaProducer(**settings)
    sent = [producer.send(topic, key=b"%d" % n, value=b"record %d" % n, headers=[("n", b"%d" % n)]) for n in numbers]
    offsets = [future.get(timeout=PATIENCE_S).offset for future in sent]
    producer.close()
    expect(list(numbers), offsets)


def consume_alone(settings, topic, count):
    consumer = KafkaConsumer(auto_offset_reset="earliest", **settings)
    consumer.assign([TopicPartition(topic, 0)])
    records = take(consumer, count)
    for record in records:
        assert record.headers == [("n", record.key)], record
    consumer.close()
    return [record.value for record in records]


def consume_in_group(settings, topic, count):
    consumer = KafkaConsumer(
        topic, group_id=topic, auto_offset_reset="earliest", enable_auto_commit=False, max_poll_records=10, **settings
    )
    records = take(consumer, count)[:count]
    consumer.commit({TopicPartition(topic, 0): OffsetAndMetadata(records[-1].offset + 1, "half way")})
    consumer.close()
    return [record.value for record in records]


def take(consumer, count):
    records = []
    deadline = time.monotonic() + PATIENCE_S
    while len(records) < count:
        assert time.monotonic() < deadline, "%d of %d records within %d s" % (len(records), count, PATIENCE_S)
        for some in consumer.poll(timeout_ms=500).values():
            records += some
    return records


def values(to, start=0):
    return [b"record %d" % n for n in range(start, to)]


def expect(sent, seen):
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(sent, seen)))
    assert sent == seen, "expected %d, saw %d; number %d should be %s and is %s" % (
        len(sent), len(seen), same, sent[same:same + 1], seen[same:same + 1]
    )


TESTS = {
    "produce-and-consume": produce_and_consume,
    "compressed": compressed,
    "group": group,
    "idle-then-record": idle_then_record,
    "data-kept": data_kept,
    "group-resumes": group_resumes,
}

if __name__ == "__main__":
    main()
