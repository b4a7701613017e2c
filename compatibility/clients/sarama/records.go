package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	. "brokkr/golang/matrix"

	"github.com/Shopify/sarama"
)

func apiVersions(run *Run) {
	requireVersion(run, sarama.V0_10_0_0, "ApiVersions")
	broker := sarama.NewBroker(run.Bootstrap)
	Must(broker.Open(configuration(run)))
	found := Got(askApiVersions(broker))
	for key := int16(0); key <= 18; key++ {
		if key < 4 || key > 7 && key != 17 { // Those are between brokers, and SASL's.
			versions, there := found[key]
			Require(there && versions[0] <= versions[1], "call %d: %v", key, versions)
		}
	}
	Must(broker.Close())
}

func metadata(run *Run) {
	topic := run.Name("metadata")
	createTopic(run, topic, 3)
	client := newClient(run, configuration(run))
	Expect([]int32{0, 1, 2}, Got(client.Partitions(topic)))
	brokers := client.Brokers()
	Require(len(brokers) == 1 && brokers[0].Addr() == run.Bootstrap, "brokers %v", brokers)
	for partition := int32(0); partition < 3; partition++ {
		leader := Got(client.Leader(topic, partition))
		Require(leader.ID() == brokers[0].ID(), "leader %d", leader.ID())
		Expect([]int32{leader.ID()}, Got(client.Replicas(topic, partition)))
		Expect([]int32{leader.ID()}, Got(client.InSyncReplicas(topic, partition)))
	}
	if configuration(run).Version.IsAtLeast(sarama.V0_10_0_0) {
		Require(Got(client.Controller()).ID() == brokers[0].ID(), "another controller")
	}
	Require(strings.Contains(strings.Join(Got(client.Topics()), " "), topic), "the topic is not listed")
	Must(client.Close())
}

func produce(run *Run) {
	for name, acks := range map[string]sarama.RequiredAcks{"0": sarama.NoResponse, "1": sarama.WaitForLocal, "all": sarama.WaitForAll} {
		topic := run.Name("produce-acks-" + name)
		createTopic(run, topic, 1)
		config := configuration(run)
		config.Producer.RequiredAcks = acks
		send(run, config, topic, 0, records, 1)
		Expect(Values(0, records), valuesOf(read(run, configuration(run), topic, records)))
	}
}

// fetch relies on the broker to make the topic.
func fetch(run *Run) {
	topic := run.Name("fetch")
	send(run, configuration(run), topic, 0, records, 1)
	readBack(run, topic)
}

// produceV2Regression: a response whose fields are in another order leaves the client without its acknowledgement, or with a wrong one.
func produceV2Regression(run *Run) {
	topic := run.Name("produce-v2")
	createTopic(run, topic, 1)
	for n := 0; n < 10; n++ {
		config := configuration(run)
		config.Producer.Retry.Max = 0
		config.Net.ReadTimeout = 5 * time.Second
		if n%2 == 1 {
			config.Producer.RequiredAcks = sarama.WaitForAll
		}
		send(run, config, topic, n, n+1, 1)
	}
}

func emptyTopic(run *Run) {
	topic := run.Name("empty")
	createTopic(run, topic, 1)
	consumer := Got(sarama.NewConsumer([]string{run.Bootstrap}, configuration(run)))
	partition := Got(consumer.ConsumePartition(topic, 0, sarama.OffsetNewest))
	select {
	case one := <-partition.Messages():
		Require(false, "%s out of nothing", one.Value)
	case err := <-partition.Errors():
		Must(err)
	case <-time.After(5 * time.Second):
	}
	send(run, configuration(run), topic, 0, 1, 1)
	acknowledged := time.Now()
	Expect(Values(0, 1), valuesOf(take(partition, 1)))
	Require(time.Since(acknowledged) < 2*time.Second, "seen %v after the acknowledgement", time.Since(acknowledged))
	Must(consumer.Close())
}

func headers(run *Run) {
	requireVersion(run, sarama.V0_11_0_0, "headers")
	topic := run.Name("headers")
	createTopic(run, topic, 1)
	sent := []sarama.RecordHeader{
		{Key: []byte("name"), Value: []byte("value")},
		{Key: []byte("name"), Value: []byte("again")},
		{Key: []byte("empty"), Value: []byte{}},
		{Key: []byte("\u00e9"), Value: []byte{0, 255}},
	}
	producer := Got(sarama.NewSyncProducer([]string{run.Bootstrap}, configuration(run)))
	one := message(topic, 0, 0)
	one.Headers = sent
	_, _, err := producer.SendMessage(one)
	Must(err)
	Must(producer.Close())
	seen := read(run, configuration(run), topic, 1)[0].Headers
	Require(len(seen) == len(sent), "%d headers", len(seen))
	for n, header := range seen {
		Require(bytes.Equal(header.Key, sent[n].Key) && bytes.Equal(header.Value, sent[n].Value), "header %d is %v", n, header)
	}
}

func nulls(run *Run) {
	topic := run.Name("nulls")
	createTopic(run, topic, 1)
	text := func(value string) sarama.Encoder { return sarama.StringEncoder(value) }
	sent := [][2]sarama.Encoder{{nil, text("value")}, {text("key"), nil}, {nil, nil}, {text(""), text("")}, {text("key"), text("value")}}
	producer := Got(sarama.NewSyncProducer([]string{run.Bootstrap}, configuration(run)))
	for _, pair := range sent {
		_, _, err := producer.SendMessage(&sarama.ProducerMessage{Topic: topic, Key: pair[0], Value: pair[1]})
		Must(err)
	}
	Must(producer.Close())
	for n, one := range read(run, configuration(run), topic, len(sent)) {
		for part, seen := range [][]byte{one.Key, one.Value} {
			wanted := sent[n][part]
			Require((wanted == nil) == (seen == nil), "part %d of record %d is %v and should be %v", part, n, seen, wanted)
			Require(wanted == nil || string(Got(wanted.Encode())) == string(seen), "part %d of record %d is %s", part, n, seen)
		}
	}
}

func codec(name string, compression sarama.CompressionCodec, least sarama.KafkaVersion) func(*Run) {
	return func(run *Run) {
		requireVersion(run, least, name)
		if name == "zstd" && !isModern {
			Unsupported("this release of Sarama fetches in versions older than zstd")
		}
		topic := run.Name(name)
		createTopic(run, topic, 1)
		config := configuration(run)
		config.Producer.Compression = compression
		config.Producer.Flush.Frequency = 20 * time.Millisecond
		send(run, config, topic, 0, records, 1)
		readBack(run, topic)
	}
}

func largeMessages(run *Run) {
	topic := run.Name("large")
	createTopic(run, topic, 1)
	config := configuration(run)
	config.Producer.MaxMessageBytes = 4 << 20
	producer := Got(sarama.NewSyncProducer([]string{run.Bootstrap}, config))
	for _, size := range []int{LargestValue, TooLargeValue, 5} {
		_, _, err := producer.SendMessage(&sarama.ProducerMessage{Topic: topic, Value: sarama.ByteEncoder(make([]byte, size))})
		if size == TooLargeValue {
			Require(err == sarama.ErrMessageSizeTooLarge, "above the limit: %v", err)
		} else {
			Must(err)
		}
	}
	Must(producer.Close())
	config = configuration(run)
	config.Consumer.Fetch.Default = 2 << 20 // A fetch of the oldest versions must hold the record whole.
	seen := read(run, config, topic, 2)
	Require(len(seen[0].Value) == LargestValue && len(seen[1].Value) == 5, "%d and %d bytes", len(seen[0].Value), len(seen[1].Value))
}

func listOffsetsByTime(run *Run) {
	topic := run.Name("times")
	createTopic(run, topic, 1)
	first := time.Now().Add(-records * time.Second).Truncate(time.Millisecond)
	var batch []*sarama.ProducerMessage
	for n := 0; n < records; n++ {
		one := message(topic, 0, n)
		one.Timestamp = first.Add(time.Duration(n) * time.Second)
		batch = append(batch, one)
	}
	producer := Got(sarama.NewSyncProducer([]string{run.Bootstrap}, configuration(run)))
	Must(producer.SendMessages(batch))
	Must(producer.Close())
	client := newClient(run, configuration(run))
	offset := func(when int64) int64 { return Got(client.GetOffset(topic, 0, when)) }
	Require(offset(sarama.OffsetOldest) == 0 && offset(sarama.OffsetNewest) == records, "ends %d and %d", offset(sarama.OffsetOldest), offset(sarama.OffsetNewest))
	requireVersion(run, sarama.V0_10_1_0, "search by time")
	start := first.UnixNano() / int64(time.Millisecond)
	for asked, found := range map[int64]int64{1: 0, start: 0, start + 99500: 100, start + 100000: 100, start + 1000*records: -1} {
		Require(offset(asked) == found, "offset %d for %d", offset(asked), asked-start)
	}
	for n, one := range read(run, configuration(run), topic, records) {
		Require(one.Timestamp.Equal(batch[n].Timestamp), "record %d has time %v", n, one.Timestamp)
	}
	Must(client.Close())
}

func idempotent(run *Run) {
	requireVersion(run, sarama.V0_11_0_0, "idempotent producer")
	topic := run.Name("idempotent")
	createTopic(run, topic, 1)
	config := configuration(run)
	config.Producer.Idempotent = true
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Flush.MaxMessages = 10
	config.Net.MaxOpenRequests = 1
	send(run, config, topic, 0, records, 1)
	readBack(run, topic)
}

// pipelined: many small requests, five in flight: the order of the records is kept.
func pipelined(run *Run) {
	topic := run.Name("pipelined")
	createTopic(run, topic, 1)
	config := configuration(run)
	config.Net.MaxOpenRequests = 5
	config.Producer.Flush.MaxMessages = 5
	config.Producer.Retry.Max = 0
	send(run, config, topic, 0, records, 1)
	readBack(run, topic)
}

// slowConsumer fetches less than the producer's batches at a time.
func slowConsumer(run *Run) {
	topic := run.Name("slow")
	createTopic(run, topic, 1)
	producing := configuration(run)
	producing.Producer.Flush.MaxMessages = 50
	producer := Got(sarama.NewSyncProducer([]string{run.Bootstrap}, producing))
	var batch []*sarama.ProducerMessage
	var sent []string
	for n := 0; n < records; n++ {
		sent = append(sent, strings.Repeat(fmt.Sprint(n), 100))
		batch = append(batch, &sarama.ProducerMessage{Topic: topic, Value: sarama.StringEncoder(sent[n])})
	}
	Must(producer.SendMessages(batch))
	Must(producer.Close())
	config := configuration(run)
	config.Consumer.Fetch.Default = 1000
	if !config.Version.IsAtLeast(sarama.V0_11_0_0) {
		config.Consumer.Fetch.Default = 60000 // A fetch of the older versions must hold a batch whole.
	}
	config.ChannelBufferSize = 1
	Expect(sent, valuesOf(read(run, config, topic, records)))
}
