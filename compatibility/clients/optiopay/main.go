// optiopay's kafka as a client of the matrix. It has no groups with members, no headers and no batches of the new format: those tests are not here.
package main

import (
	"fmt"
	"strings"
	"time"

	. "brokkr/golang/matrix"

	"github.com/optiopay/kafka/v2"
	"github.com/optiopay/kafka/v2/proto"
)

const records = 500

func main() {
	Main(map[string]func(*Run){
		"metadata":              metadata,
		"produce":               produce,
		"fetch":                 fetch,
		"produce-v2-regression": produceV2Regression,
		"empty-topic":           emptyTopic,
		"nulls":                 nulls,
		"codec-gzip":            codec("gzip", proto.CompressionGzip),
		"codec-snappy":          codec("snappy", proto.CompressionSnappy),
		"large-messages":        largeMessages,
		"commit-and-resume": func(*Run) {
			Unsupported("the library's FindCoordinator of version 1 lacks the key type, so that no broker which serves it can read it")
		},
		"admin":          admin,
		"slow-consumer":  slowConsumer,
		"before-restart": beforeRestart,
		"after-restart":  afterRestart,
	})
}

func dial(run *Run) *kafka.Broker {
	conf := kafka.NewBrokerConf("matrix")
	conf.AllowTopicCreation = true
	return Got(kafka.Dial([]string{run.Bootstrap}, conf))
}

// createTopic makes it by the client's own call.
func createTopic(broker *kafka.Broker, topic string) {
	info := proto.TopicInfo{Topic: topic, NumPartitions: 1, ReplicationFactor: 1}
	response := Got(broker.CreateTopic([]proto.TopicInfo{info}, Patience, false))
	for _, one := range response.TopicErrors {
		Require(one.ErrorCode == 0, "creation: error %d", one.ErrorCode)
	}
	awaitListed(broker, topic, true)
}

func awaitListed(broker *kafka.Broker, topic string, wanted bool) {
	Await("the topic", func() bool {
		for _, one := range Got(broker.Metadata()).Topics {
			if one.Name == topic && one.Err == nil && len(one.Partitions) > 0 {
				return wanted
			}
		}
		return !wanted
	})
}

func message(n int) *proto.Message {
	return &proto.Message{Key: []byte(fmt.Sprint(n)), Value: []byte(fmt.Sprintf("record %d", n))}
}

// send requires that the records are acknowledged at the offsets that follow.
func send(broker *kafka.Broker, topic string, from, to, each int, change func(*kafka.ProducerConf)) {
	conf := kafka.NewProducerConf()
	conf.RequestTimeout = 5 * time.Second
	conf.RetryLimit = 1
	if change != nil {
		change(&conf)
	}
	producer := broker.Producer(conf)
	for n := from; n < to; n += each {
		var batch []*proto.Message
		for one := n; one < n+each && one < to; one++ {
			batch = append(batch, message(one))
		}
		offset := Got(producer.Produce(topic, 0, batch...))
		Require(conf.RequiredAcks == proto.RequiredAcksNone || offset == int64(n), "record %d is acknowledged at %d", n, offset)
	}
}

func consumer(broker *kafka.Broker, topic string, start int64, size int32) kafka.Consumer {
	conf := kafka.NewConsumerConf(topic, 0)
	conf.StartOffset = start
	conf.MaxFetchSize = size
	conf.RequestTimeout = 200 * time.Millisecond
	conf.RetryLimit = int(Patience / conf.RequestTimeout)
	conf.RetryWait = time.Millisecond
	return Got(broker.Consumer(conf))
}

func read(broker *kafka.Broker, topic string, start int64, count int) []*proto.Message {
	from := consumer(broker, topic, start, 2<<20)
	var seen []*proto.Message
	for len(seen) < count {
		seen = append(seen, Got(from.Consume()))
	}
	return seen
}

func expect(from, to int, seen []*proto.Message) {
	var values []string
	for n, one := range seen {
		values = append(values, string(one.Value))
		Require(int(one.Offset) == from+n && string(one.Key) == fmt.Sprint(from+n), "record %d is at %d with key %s", from+n, one.Offset, one.Key)
	}
	Expect(Values(from, to), values)
}

func metadata(run *Run) {
	broker := dial(run)
	topic := run.Name("metadata")
	createTopic(broker, topic)
	found := Got(broker.Metadata())
	Require(len(found.Brokers) == 1, "brokers %v", found.Brokers)
	address := fmt.Sprintf("%s:%d", found.Brokers[0].Host, found.Brokers[0].Port)
	Require(address == run.Bootstrap, "the broker is at %s", address)
	for _, one := range found.Topics {
		if one.Name == topic {
			partition := one.Partitions[0]
			Require(partition.Leader == found.Brokers[0].NodeID && len(partition.Isrs) == 1, "partition %v", partition)
		}
	}
}

func produce(run *Run) {
	broker := dial(run)
	for name, acks := range map[string]int16{"0": proto.RequiredAcksNone, "1": proto.RequiredAcksLocal, "all": proto.RequiredAcksAll} {
		topic := run.Name("produce-acks-" + name)
		createTopic(broker, topic)
		send(broker, topic, 0, records, 50, func(conf *kafka.ProducerConf) { conf.RequiredAcks = acks })
		expect(0, records, read(broker, topic, 0, records))
	}
}

func fetch(run *Run) {
	broker := dial(run)
	topic := run.Name("fetch")
	createTopic(broker, topic)
	send(broker, topic, 0, records, 50, nil)
	expect(0, records, read(broker, topic, kafka.StartOffsetOldest, records))
	Require(Got(broker.OffsetEarliest(topic, 0)) == 0 && Got(broker.OffsetLatest(topic, 0)) == records, "the ends")
}

// produceV2Regression: a response whose fields are in another order leaves the client without its acknowledgement, or with a wrong one.
func produceV2Regression(run *Run) {
	broker := dial(run)
	topic := run.Name("produce-v2")
	createTopic(broker, topic)
	send(broker, topic, 0, 10, 1, nil)
}

func emptyTopic(run *Run) {
	broker := dial(run)
	topic := run.Name("empty")
	createTopic(broker, topic)
	from := consumer(broker, topic, kafka.StartOffsetOldest, 2<<20)
	for idleUntil := time.Now().Add(5 * time.Second); time.Now().Before(idleUntil); {
		// With a limit of tries it says after them that there is nothing.
		one, err := takeWithin(broker, topic)
		Require(one == nil && err == kafka.ErrNoData, "%v, %v", one, err)
	}
	send(broker, topic, 0, 1, 1, nil)
	acknowledged := time.Now()
	expect(0, 1, []*proto.Message{Got(from.Consume())})
	Require(time.Since(acknowledged) < 2*time.Second, "seen %v after the acknowledgement", time.Since(acknowledged))
}

func takeWithin(broker *kafka.Broker, topic string) (*proto.Message, error) {
	conf := kafka.NewConsumerConf(topic, 0)
	conf.StartOffset = kafka.StartOffsetOldest
	conf.RequestTimeout = 100 * time.Millisecond
	conf.RetryLimit = 3
	return Got(broker.Consumer(conf)).Consume()
}

func nulls(run *Run) {
	broker := dial(run)
	topic := run.Name("nulls")
	createTopic(broker, topic)
	sent := []*proto.Message{{Value: []byte("value")}, {Key: []byte("key")}, {}, {Key: []byte("key"), Value: []byte("value")}}
	Got(broker.Producer(kafka.NewProducerConf()).Produce(topic, 0, sent...))
	for n, one := range read(broker, topic, 0, len(sent)) {
		Require((one.Key == nil) == (sent[n].Key == nil) && string(one.Key) == string(sent[n].Key), "key %v of record %d", one.Key, n)
		Require((one.Value == nil) == (sent[n].Value == nil) && string(one.Value) == string(sent[n].Value), "value %v of record %d", one.Value, n)
	}
}

func codec(name string, compression proto.Compression) func(*Run) {
	return func(run *Run) {
		broker := dial(run)
		topic := run.Name(name)
		createTopic(broker, topic)
		// All in one batch: the library takes what follows a compressed batch in a response for a part of it.
		send(broker, topic, 0, records, records, func(conf *kafka.ProducerConf) { conf.Compression = compression })
		expect(0, records, read(broker, topic, 0, records))
	}
}

func largeMessages(run *Run) {
	broker := dial(run)
	topic := run.Name("large")
	createTopic(broker, topic)
	producer := broker.Producer(kafka.NewProducerConf())
	for _, size := range []int{LargestValue, TooLargeValue, 5} {
		_, err := producer.Produce(topic, 0, &proto.Message{Value: make([]byte, size)})
		if size == TooLargeValue {
			Require(err == proto.ErrMessageSizeTooLarge, "above the limit: %v", err)
		} else {
			Must(err)
		}
	}
	seen := read(broker, topic, 0, 2)
	Require(len(seen[0].Value) == LargestValue && len(seen[1].Value) == 5, "%d and %d bytes", len(seen[0].Value), len(seen[1].Value))
}

// beforeRestart leaves out commits, which the library cannot make.
func beforeRestart(run *Run) {
	broker := dial(run)
	topic := run.Name("restart")
	createTopic(broker, topic)
	send(broker, topic, 0, records, 50, nil)
}

func afterRestart(run *Run) {
	broker := dial(run)
	topic := run.Name("restart")
	expect(0, records, read(broker, topic, 0, records))
	send(broker, topic, records, records+10, 10, nil)
	expect(records, records+10, read(broker, topic, records, 10))
}

// admin: the library creates topics and has no further calls.
func admin(run *Run) {
	broker := dial(run)
	topic := run.Name("admin")
	createTopic(broker, topic)
	info := proto.TopicInfo{Topic: topic, NumPartitions: 1, ReplicationFactor: 1}
	response := Got(broker.CreateTopic([]proto.TopicInfo{info}, Patience, false))
	Require(response.TopicErrors[0].ErrorCode == 36, "a topic that exists: error %d", response.TopicErrors[0].ErrorCode)
	Unsupported("the library creates topics, which works, and has no other calls of an admin client")
}

// slowConsumer fetches a few batches at a time; the versions that the library speaks must fetch them whole.
func slowConsumer(run *Run) {
	broker := dial(run)
	topic := run.Name("slow")
	createTopic(broker, topic)
	producer := broker.Producer(kafka.NewProducerConf())
	for n := 0; n < records; n += 10 {
		var batch []*proto.Message
		for one := n; one < n+10; one++ {
			batch = append(batch, &proto.Message{Value: []byte(strings.Repeat(fmt.Sprint(one), 100))})
		}
		Got(producer.Produce(topic, 0, batch...))
	}
	from := consumer(broker, topic, 0, 5000)
	for n := 0; n < records; n++ {
		Require(string(Got(from.Consume()).Value) == strings.Repeat(fmt.Sprint(n), 100), "record %d", n)
	}
}
