package main

import (
	"context"
	"fmt"
	"time"

	. "brokkr/golang/matrix"

	"github.com/confluentinc/confluent-kafka-go/kafka"
)

const (
	records    = 500
	patienceMs = int(Patience / time.Millisecond)
)

// configuration is the library's own, but for the version that it is told to take the broker for and these settings.
func configuration(run *Run, settings kafka.ConfigMap) *kafka.ConfigMap {
	all := kafka.ConfigMap{"bootstrap.servers": run.Bootstrap}
	if run.Version != "default" {
		all["api.version.request"] = false
		all["broker.version.fallback"] = run.Version
	}
	for key, value := range settings {
		all[key] = value
	}
	return &all
}

// versions that programs of ours are told, in their order.
var versions = []string{"0.8.2", "0.9.0", "0.10.0", "0.11.0", "default"}

func requireVersion(run *Run, least, what string) {
	for _, version := range versions {
		if version == least {
			return
		}
		if version == run.Version {
			Unsupported("Kafka %s had no %s", run.Version, what)
		}
	}
}

// isOld tells of versions that fetch only batches that fit whole.
func isOld(run *Run) bool { return run.Version == "0.8.2" || run.Version == "0.9.0" }

func newProducer(run *Run, settings kafka.ConfigMap) *kafka.Producer {
	return Got(kafka.NewProducer(configuration(run, settings)))
}

func newConsumer(run *Run, group string, settings kafka.ConfigMap) *kafka.Consumer {
	all := kafka.ConfigMap{"group.id": group, "auto.offset.reset": "earliest"}
	for key, value := range settings {
		all[key] = value
	}
	return Got(kafka.NewConsumer(configuration(run, all)))
}

func at(topic string, partition int32, offset kafka.Offset) kafka.TopicPartition {
	return kafka.TopicPartition{Topic: &topic, Partition: partition, Offset: offset}
}

// createTopic is a precondition of tests: made with whatever version the client finds, not the one under test.
func createTopic(run *Run, topic string, partitions int) {
	client := Got(kafka.NewAdminClient(&kafka.ConfigMap{"bootstrap.servers": run.Bootstrap}))
	defer client.Close()
	results := Got(client.CreateTopics(context.Background(), []kafka.TopicSpecification{{Topic: topic, NumPartitions: partitions, ReplicationFactor: 1}}))
	Require(results[0].Error.Code() == kafka.ErrNoError, "%v", results[0].Error)
	Await("the topic is there", func() bool {
		_, there := Got(client.GetMetadata(nil, true, patienceMs)).Topics[topic]
		return there
	})
}

func message(topic string, partition int32, n int) *kafka.Message {
	return &kafka.Message{
		TopicPartition: at(topic, partition, 0),
		Key:            []byte(fmt.Sprint(n)),
		Value:          []byte(fmt.Sprintf("record %d", n)),
	}
}

// deliver sends all and returns the reports.
func deliver(producer *kafka.Producer, messages []*kafka.Message) []*kafka.Message {
	reports := make(chan kafka.Event, len(messages))
	for _, one := range messages {
		Must(producer.Produce(one, reports))
	}
	var delivered []*kafka.Message
	deadline := time.After(Patience)
	for len(delivered) < len(messages) {
		select {
		case event := <-reports:
			delivered = append(delivered, event.(*kafka.Message))
		case <-deadline:
			Require(false, "%d of %d reports within %v", len(delivered), len(messages), Patience)
		}
	}
	return delivered
}

// send requires that each record of a partition is acknowledged at the offset that follows.
func send(run *Run, settings kafka.ConfigMap, topic string, from, to int, partitions int) {
	producer := newProducer(run, settings)
	defer producer.Close()
	var batch []*kafka.Message
	for n := from; n < to; n++ {
		batch = append(batch, message(topic, int32(n%partitions), n))
	}
	for n, one := range deliver(producer, batch) {
		Must(one.TopicPartition.Error)
		if partitions == 1 && settings["acks"] != "0" {
			Require(int(one.TopicPartition.Offset) == from+n, "record %d is acknowledged at %d", from+n, one.TopicPartition.Offset)
		}
	}
}

// read takes the first so many records of partition 0, without a group's commits.
func read(run *Run, settings kafka.ConfigMap, topic string, count int) []*kafka.Message {
	consumer := newConsumer(run, "unused", settings)
	defer consumer.Close()
	Must(consumer.Assign([]kafka.TopicPartition{at(topic, 0, 0)}))
	return take(consumer, count)
}

func take(consumer *kafka.Consumer, count int) []*kafka.Message {
	var seen []*kafka.Message
	for deadline := time.Now().Add(Patience); len(seen) < count; {
		Require(time.Now().Before(deadline), "%d of %d records within %v", len(seen), count, Patience)
		switch event := consumer.Poll(500).(type) {
		case *kafka.Message:
			Must(event.TopicPartition.Error)
			seen = append(seen, event)
		case kafka.Error:
			Must(event)
		}
	}
	return seen
}

func valuesOf(seen []*kafka.Message) []string {
	var values []string
	for _, one := range seen {
		values = append(values, string(one.Value))
	}
	return values
}

// readBack requires what send sent, keys and offsets included.
func readBack(run *Run, topic string) {
	seen := read(run, nil, topic, records)
	Expect(Values(0, records), valuesOf(seen))
	for n, one := range seen {
		Require(int(one.TopicPartition.Offset) == n, "record %d is at %d", n, one.TopicPartition.Offset)
		Require(string(one.Key) == fmt.Sprint(n), "key %s of record %d", one.Key, n)
	}
}
