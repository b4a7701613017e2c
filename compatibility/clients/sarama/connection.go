package main

import (
	"fmt"
	"time"

	. "brokkr/golang/matrix"

	"github.com/Shopify/sarama"
)

const records = 500

// configuration is the library's own but for the version; "newest" is the newest that the library knows.
func configuration(run *Run) *sarama.Config {
	config := sarama.NewConfig()
	switch run.Version {
	case "default":
	case "newest":
		config.Version = sarama.MaxVersion
	default:
		config.Version = Got(sarama.ParseKafkaVersion(run.Version))
	}
	config.Producer.Return.Successes = true
	config.Consumer.Return.Errors = true
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	return config
}

func requireVersion(run *Run, least sarama.KafkaVersion, what string) {
	version := configuration(run).Version
	if !version.IsAtLeast(least) {
		Unsupported("told to speak Kafka %s, Sarama has no %s", version, what)
	}
}

func newClient(run *Run, config *sarama.Config) sarama.Client {
	return Got(sarama.NewClient([]string{run.Bootstrap}, config))
}

// createTopic is a precondition of tests: made with the newest version, not the one under test.
func createTopic(run *Run, topic string, partitions int32) {
	config := sarama.NewConfig()
	config.Version = sarama.V2_0_0_0
	admin := Got(sarama.NewClusterAdmin([]string{run.Bootstrap}, config))
	defer admin.Close()
	Must(admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: partitions, ReplicationFactor: 1}, false))
	Await("the topic is there", func() bool {
		_, there := Got(admin.ListTopics())[topic]
		return there
	})
}

func message(topic string, partition int32, n int) *sarama.ProducerMessage {
	return &sarama.ProducerMessage{
		Topic:     topic,
		Partition: partition,
		Key:       sarama.StringEncoder(fmt.Sprint(n)),
		Value:     sarama.StringEncoder(fmt.Sprintf("record %d", n)),
	}
}

// send requires that each record of a partition is acknowledged at the offset that follows.
func send(run *Run, config *sarama.Config, topic string, from, to int, partitions int) {
	config.Producer.Partitioner = sarama.NewManualPartitioner
	producer := Got(sarama.NewSyncProducer([]string{run.Bootstrap}, config))
	var batch []*sarama.ProducerMessage
	for n := from; n < to; n++ {
		batch = append(batch, message(topic, int32(n%partitions), n))
	}
	if err := producer.SendMessages(batch); err != nil {
		if all, is := err.(sarama.ProducerErrors); is {
			err = all[0].Err
		}
		Must(err)
	}
	for n := from; partitions == 1 && config.Producer.RequiredAcks != sarama.NoResponse && n < to; n++ {
		Require(batch[n-from].Offset == int64(n), "record %d is acknowledged at %d", n, batch[n-from].Offset)
	}
	Must(producer.Close())
}

// read takes the first so many records of partition 0, without a group.
func read(run *Run, config *sarama.Config, topic string, count int) []*sarama.ConsumerMessage {
	consumer := Got(sarama.NewConsumer([]string{run.Bootstrap}, config))
	partition := Got(consumer.ConsumePartition(topic, 0, sarama.OffsetOldest))
	seen := take(partition, count)
	Must(partition.Close())
	Must(consumer.Close())
	return seen
}

func take(partition sarama.PartitionConsumer, count int) []*sarama.ConsumerMessage {
	var seen []*sarama.ConsumerMessage
	deadline := time.After(Patience)
	for len(seen) < count {
		select {
		case one := <-partition.Messages():
			seen = append(seen, one)
		case err := <-partition.Errors():
			Must(err)
		case <-deadline:
			Require(false, "%d of %d records within %v", len(seen), count, Patience)
		}
	}
	return seen
}

func valuesOf(seen []*sarama.ConsumerMessage) []string {
	var values []string
	for _, one := range seen {
		values = append(values, string(one.Value))
	}
	return values
}

// readBack requires what send sent, keys and offsets included.
func readBack(run *Run, topic string) {
	seen := read(run, configuration(run), topic, records)
	Expect(Values(0, records), valuesOf(seen))
	for n, one := range seen {
		Require(one.Offset == int64(n), "record %d is at %d", n, one.Offset)
		Require(string(one.Key) == fmt.Sprint(n), "key %s of record %d", one.Key, n)
	}
}
