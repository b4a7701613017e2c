package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	. "brokkr/golang/matrix"

	"github.com/confluentinc/confluent-kafka-go/kafka"
)

func metadata(run *Run) {
	topic := run.Name("metadata")
	createTopic(run, topic, 3)
	producer := newProducer(run, nil)
	defer producer.Close()
	found := Got(producer.GetMetadata(nil, true, patienceMs))
	Require(len(found.Brokers) == 1, "brokers %v", found.Brokers)
	broker := found.Brokers[0]
	Require(fmt.Sprintf("%s:%d", broker.Host, broker.Port) == run.Bootstrap, "broker %v", broker)
	partitions := found.Topics[topic].Partitions
	Require(len(partitions) == 3, "partitions %v", partitions)
	for _, partition := range partitions {
		Require(partition.Leader == broker.ID && len(partition.Isrs) == 1 && len(partition.Replicas) == 1, "partition %v", partition)
	}
}

func produce(run *Run) {
	for _, acks := range []string{"0", "1", "all"} {
		topic := run.Name("produce-acks-" + acks)
		send(run, kafka.ConfigMap{"acks": acks}, topic, 0, records, 1)
		Expect(Values(0, records), valuesOf(read(run, nil, topic, records)))
	}
}

func fetch(run *Run) {
	topic := run.Name("fetch")
	send(run, nil, topic, 0, records, 1)
	readBack(run, topic)
}

// produceV2Regression: a response whose fields are in another order leaves the client without its acknowledgement, or with a wrong one.
func produceV2Regression(run *Run) {
	for _, acks := range []string{"1", "all"} {
		settings := kafka.ConfigMap{"acks": acks, "retries": 0, "message.timeout.ms": 10000, "linger.ms": 0}
		send(run, settings, run.Name("produce-v2-"+acks), 0, 10, 1)
	}
}

func emptyTopic(run *Run) {
	topic := run.Name("empty")
	createTopic(run, topic, 1)
	consumer := newConsumer(run, "unused", nil)
	defer consumer.Close()
	Must(consumer.Assign([]kafka.TopicPartition{at(topic, 0, 0)}))
	for idleUntil := time.Now().Add(5 * time.Second); time.Now().Before(idleUntil); {
		event := consumer.Poll(500)
		Require(event == nil, "%v out of nothing", event)
	}
	send(run, nil, topic, 0, 1, 1)
	acknowledged := time.Now()
	Expect(Values(0, 1), valuesOf(take(consumer, 1)))
	Require(time.Since(acknowledged) < 2*time.Second, "seen %v after the acknowledgement", time.Since(acknowledged))
}

func headers(run *Run) {
	requireVersion(run, "0.11.0", "headers")
	topic := run.Name("headers")
	one := message(topic, 0, 0)
	one.Headers = []kafka.Header{
		{Key: "name", Value: []byte("value")},
		{Key: "name", Value: []byte("again")},
		{Key: "empty", Value: []byte{}},
		{Key: "null", Value: nil},
		{Key: "\u00e9", Value: []byte{0, 255}},
	}
	producer := newProducer(run, nil)
	defer producer.Close()
	Must(deliver(producer, []*kafka.Message{one})[0].TopicPartition.Error)
	seen := read(run, nil, topic, 1)[0].Headers
	Require(len(seen) == len(one.Headers), "%d headers", len(seen))
	for n, header := range seen {
		sent := one.Headers[n]
		same := header.Key == sent.Key && bytes.Equal(header.Value, sent.Value) && (header.Value == nil) == (sent.Value == nil)
		Require(same, "header %d is %v", n, header)
	}
}

// nulls cannot tell an empty value from none: the library's reader gives nil for both.
func nulls(run *Run) {
	topic := run.Name("nulls")
	sent := [][2][]byte{{nil, []byte("value")}, {[]byte("key"), nil}, {nil, nil}, {[]byte("key"), []byte("value")}}
	producer := newProducer(run, nil)
	defer producer.Close()
	for _, pair := range sent {
		one := &kafka.Message{TopicPartition: at(topic, 0, 0), Key: pair[0], Value: pair[1]}
		Must(deliver(producer, []*kafka.Message{one})[0].TopicPartition.Error)
	}
	for n, one := range read(run, nil, topic, len(sent)) {
		for part, seen := range [][]byte{one.Key, one.Value} {
			wanted := sent[n][part]
			Require((wanted == nil) == (seen == nil) && bytes.Equal(wanted, seen), "part %d of record %d is %v", part, n, seen)
		}
	}
}

func codec(name string) func(*Run) {
	return func(run *Run) {
		if name == "zstd" {
			requireVersion(run, "default", name)
		}
		topic := run.Name(name)
		send(run, kafka.ConfigMap{"compression.type": name, "linger.ms": 20}, topic, 0, records, 1)
		readBack(run, topic)
	}
}

func largeMessages(run *Run) {
	topic := run.Name("large")
	createTopic(run, topic, 1)
	producer := newProducer(run, kafka.ConfigMap{"message.max.bytes": 4 << 20})
	defer producer.Close()
	for _, size := range []int{LargestValue, TooLargeValue, 5} {
		one := &kafka.Message{TopicPartition: at(topic, 0, 0), Value: make([]byte, size)}
		err := deliver(producer, []*kafka.Message{one})[0].TopicPartition.Error
		if size == TooLargeValue {
			said, is := err.(kafka.Error)
			Require(is && said.Code() == kafka.ErrMsgSizeTooLarge, "above the limit: %v", err)
		} else {
			Must(err)
		}
	}
	var settings kafka.ConfigMap
	if isOld(run) {
		settings = fetching(2 << 20)
	}
	seen := read(run, settings, topic, 2)
	Require(len(seen[0].Value) == LargestValue && len(seen[1].Value) == 5, "%d and %d bytes", len(seen[0].Value), len(seen[1].Value))
}

func listOffsetsByTime(run *Run) {
	topic := run.Name("times")
	first := time.Now().Add(-records * time.Second).Truncate(time.Millisecond)
	var batch []*kafka.Message
	for n := 0; n < records; n++ {
		one := message(topic, 0, n)
		one.Timestamp = first.Add(time.Duration(n) * time.Second)
		batch = append(batch, one)
	}
	producer := newProducer(run, nil)
	defer producer.Close()
	for _, one := range deliver(producer, batch) {
		Must(one.TopicPartition.Error)
	}
	low, high, err := producer.QueryWatermarkOffsets(topic, 0, patienceMs)
	Must(err)
	Require(low == 0 && high == records, "ends %d and %d", low, high)
	requireVersion(run, "0.11.0", "search by time")
	start := first.UnixNano() / int64(time.Millisecond)
	for asked, found := range map[int64]kafka.Offset{0: 0, start: 0, start + 99500: 100, start + 100000: 100, start + 1000*records: kafka.OffsetEnd} {
		offsets := Got(producer.OffsetsForTimes([]kafka.TopicPartition{at(topic, 0, kafka.Offset(asked))}, patienceMs))
		Require(offsets[0].Offset == found, "offset %v for %d", offsets[0].Offset, asked-start)
	}
	for n, one := range read(run, nil, topic, records) {
		Require(one.Timestamp.Equal(batch[n].Timestamp), "record %d has time %v", n, one.Timestamp)
	}
}

func idempotent(run *Run) {
	requireVersion(run, "0.11.0", "idempotent producer")
	topic := run.Name("idempotent")
	send(run, kafka.ConfigMap{"enable.idempotence": true, "batch.num.messages": 10, "linger.ms": 0}, topic, 0, records, 1)
	readBack(run, topic)
}

// pipelined: many small requests, five in flight: the order of the records is kept.
func pipelined(run *Run) {
	topic := run.Name("pipelined")
	settings := kafka.ConfigMap{"max.in.flight.requests.per.connection": 5, "batch.num.messages": 5, "linger.ms": 0, "retries": 0}
	send(run, settings, topic, 0, records, 1)
	readBack(run, topic)
}

// slowConsumer fetches less than the producer's batches at a time, where the version allows that.
func slowConsumer(run *Run) {
	topic := run.Name("slow")
	var batch []*kafka.Message
	var sent []string
	for n := 0; n < records; n++ {
		sent = append(sent, strings.Repeat(fmt.Sprint(n), 100))
		batch = append(batch, &kafka.Message{TopicPartition: at(topic, 0, 0), Value: []byte(sent[n])})
	}
	producer := newProducer(run, kafka.ConfigMap{"linger.ms": 20, "batch.num.messages": 50})
	defer producer.Close()
	for _, one := range deliver(producer, batch) {
		Must(one.TopicPartition.Error)
	}
	size := 1000
	if isOld(run) {
		size = 60000
	}
	Expect(sent, valuesOf(read(run, fetching(size), topic, records)))
}

func fetching(size int) kafka.ConfigMap {
	return kafka.ConfigMap{"fetch.message.max.bytes": size, "fetch.max.bytes": size, "message.max.bytes": size, "queued.min.messages": 1}
}
