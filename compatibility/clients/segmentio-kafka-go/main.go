// segmentio's kafka-go as a client of the matrix.
package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	. "brokkr/golang/matrix"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/gzip"
	"github.com/segmentio/kafka-go/lz4"
	"github.com/segmentio/kafka-go/snappy"
)

const (
	records         = 500
	groupPartitions = 6
)

func main() {
	Main(map[string]func(*Run){
		"metadata":              metadata,
		"produce":               produce,
		"fetch":                 fetch,
		"consumer-group":        consumerGroup,
		"produce-v2-regression": produceV2Regression,
		"empty-topic":           emptyTopic,
		"nulls":                 nulls,
		"codec-gzip":            codec("gzip", gzip.NewCompressionCodec()),
		"codec-snappy":          codec("snappy", snappy.NewCompressionCodec()),
		"codec-lz4":             codec("lz4", lz4.NewCompressionCodec()),
		"large-messages":        largeMessages,
		"list-offsets-by-time":  listOffsetsByTime,
		"commit-and-resume":     func(run *Run) { commitHalf(run, "commit"); resume(run, "commit", records) },
		"rebalance":             rebalance,
		"admin":                 admin,
		"slow-consumer":         slowConsumer,
		"before-restart":        func(run *Run) { commitHalf(run, "restart") },
		"after-restart":         afterRestart,
	})
}

func dial(run *Run) *kafka.Conn { return Got(kafka.Dial("tcp", run.Bootstrap)) }

func createTopic(run *Run, topic string, partitions int) {
	conn := dial(run)
	defer conn.Close()
	Must(conn.CreateTopics(kafka.TopicConfig{Topic: topic, NumPartitions: partitions, ReplicationFactor: 1}))
	Await("the topic is there", func() bool {
		found, err := conn.ReadPartitions(topic)
		return err == nil && len(found) == partitions
	})
	// The library does not try again where a partition's leader is not quite ready.
	for partition := 0; partition < partitions; partition++ {
		at := leader(run, topic, partition)
		Await("the leader is ready", func() bool {
			_, err := at.ReadLastOffset()
			return err == nil
		})
		Must(at.Close())
	}
}

// leader is a connection that produces to and fetches from one partition.
func leader(run *Run, topic string, partition int) *kafka.Conn {
	conn := Got(kafka.DialLeader(context.Background(), "tcp", run.Bootstrap, topic, partition))
	Must(conn.SetDeadline(time.Now().Add(Patience)))
	return conn
}

func messages(from, to int) []kafka.Message {
	var all []kafka.Message
	for n := from; n < to; n++ {
		all = append(all, kafka.Message{Key: []byte(fmt.Sprint(n)), Value: []byte(fmt.Sprintf("record %d", n))})
	}
	return all
}

// send requires that the end of partition 0 is where it should be after the acknowledgement.
func send(run *Run, topic string, from, to int) {
	conn := leader(run, topic, 0)
	defer conn.Close()
	Got(conn.WriteMessages(messages(from, to)...))
	Require(Got(conn.ReadLastOffset()) == int64(to), "the end is %d", Got(conn.ReadLastOffset()))
}

func reader(run *Run, topic, group string) *kafka.Reader {
	return kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{run.Bootstrap}, Topic: topic, GroupID: group, MinBytes: 1, MaxBytes: 2 << 20, MaxWait: 500 * time.Millisecond,
		// A reader that is closed does not leave its group: the others wait until its session ends.
		HeartbeatInterval: time.Second, SessionTimeout: 6 * time.Second, RebalanceTimeout: 6 * time.Second,
	})
}

func take(from *kafka.Reader, count int) []kafka.Message {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	var seen []kafka.Message
	for len(seen) < count {
		seen = append(seen, Got(from.FetchMessage(ctx)))
	}
	return seen
}

func read(run *Run, topic string, count int) []kafka.Message {
	from := reader(run, topic, "")
	defer from.Close()
	return take(from, count)
}

func expect(from, to int, seen []kafka.Message) {
	var values []string
	for n, one := range seen {
		values = append(values, string(one.Value))
		Require(int(one.Offset) == from+n && string(one.Key) == fmt.Sprint(from+n), "record %d is at %d with key %s", from+n, one.Offset, one.Key)
	}
	Expect(Values(from, to), values)
}

func metadata(run *Run) {
	topic := run.Name("metadata")
	createTopic(run, topic, 3)
	conn := dial(run)
	found := Got(conn.ReadPartitions(topic))
	Require(len(found) == 3, "%d partitions", len(found))
	for _, partition := range found {
		address := fmt.Sprintf("%s:%d", partition.Leader.Host, partition.Leader.Port)
		Require(address == run.Bootstrap && len(partition.Isr) == 1 && len(partition.Replicas) == 1, "partition %v", partition)
	}
}

func produce(run *Run) {
	for name, acks := range map[string]int{"1": 1, "all": -1} {
		topic := run.Name("produce-acks-" + name)
		createTopic(run, topic, 1)
		writer := kafka.NewWriter(kafka.WriterConfig{Brokers: []string{run.Bootstrap}, Topic: topic, RequiredAcks: acks, BatchTimeout: 10 * time.Millisecond})
		Must(writer.WriteMessages(context.Background(), messages(0, records)...))
		Must(writer.Close())
		expect(0, records, read(run, topic, records))
	}
}

// fetch relies on the broker to make the topic.
func fetch(run *Run) {
	topic := run.Name("fetch")
	send(run, topic, 0, records)
	expect(0, records, read(run, topic, records))
}

// produceV2Regression: a response whose fields are in another order leaves the client without its acknowledgement, or with a wrong one.
func produceV2Regression(run *Run) {
	topic := run.Name("produce-v2")
	createTopic(run, topic, 1)
	conn := leader(run, topic, 0)
	for n := 0; n < 10; n++ {
		Must(conn.SetDeadline(time.Now().Add(5 * time.Second)))
		Got(conn.WriteMessages(messages(n, n+1)...))
	}
	expect(0, 10, read(run, topic, 10))
}

func emptyTopic(run *Run) {
	topic := run.Name("empty")
	createTopic(run, topic, 1)
	from := reader(run, topic, "")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	one, err := from.FetchMessage(ctx)
	Require(err == context.DeadlineExceeded, "%v, %v", one, err)
	// Asking resets the counters.
	errors := from.Stats().Errors
	Require(errors == 0, "%d errors", errors)
	send(run, topic, 0, 1)
	acknowledged := time.Now()
	expect(0, 1, take(from, 1))
	Require(time.Since(acknowledged) < 2*time.Second, "seen %v after the acknowledgement", time.Since(acknowledged))
}

// nulls cannot tell an empty key or value from none: the library's reader does not.
func nulls(run *Run) {
	topic := run.Name("nulls")
	createTopic(run, topic, 1)
	sent := []kafka.Message{{Value: []byte("value")}, {Key: []byte("key")}, {}, {Key: []byte("key"), Value: []byte("value")}}
	Got(leader(run, topic, 0).WriteMessages(sent...))
	for n, one := range read(run, topic, len(sent)) {
		Require(string(one.Key) == string(sent[n].Key) && string(one.Value) == string(sent[n].Value), "record %d is %v", n, one)
	}
}

func codec(name string, compression kafka.CompressionCodec) func(*Run) {
	return func(run *Run) {
		topic := run.Name(name)
		createTopic(run, topic, 1)
		Got(leader(run, topic, 0).WriteCompressedMessages(compression, messages(0, records)...))
		expect(0, records, read(run, topic, records))
	}
}

func largeMessages(run *Run) {
	topic := run.Name("large")
	createTopic(run, topic, 1)
	for _, size := range []int{LargestValue, TooLargeValue, 5} {
		_, err := leader(run, topic, 0).WriteMessages(kafka.Message{Value: make([]byte, size)})
		if size == TooLargeValue {
			Require(err == kafka.MessageSizeTooLarge, "above the limit: %v", err)
		} else {
			Must(err)
		}
	}
	seen := read(run, topic, 2)
	Require(len(seen[0].Value) == LargestValue && len(seen[1].Value) == 5, "%d and %d bytes", len(seen[0].Value), len(seen[1].Value))
}

func listOffsetsByTime(run *Run) {
	topic := run.Name("times")
	createTopic(run, topic, 1)
	first := time.Now().Add(-records * time.Second).Truncate(time.Millisecond)
	batch := messages(0, records)
	for n := range batch {
		batch[n].Time = first.Add(time.Duration(n) * time.Second)
	}
	conn := leader(run, topic, 0)
	Got(conn.WriteMessages(batch...))
	low, high, err := conn.ReadOffsets()
	Must(err)
	Require(low == 0 && high == records, "ends %d and %d", low, high)
	for after, found := range map[time.Duration]int64{0: 0, 99500 * time.Millisecond: 100, 100 * time.Second: 100, records * time.Second: -1} {
		offset := Got(conn.ReadOffset(first.Add(after)))
		Require(offset == found, "offset %d for %v", offset, after)
	}
}

func commitHalf(run *Run, name string) {
	topic := run.Name(name)
	createTopic(run, topic, 1)
	send(run, topic, 0, records)
	from := reader(run, topic, topic)
	seen := take(from, records/2)
	expect(0, records/2, seen)
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	Must(from.CommitMessages(ctx, seen...))
	Must(from.Close())
}

// resume goes on at the commit as the next member.
func resume(run *Run, name string, end int) {
	from := reader(run, run.Name(name), run.Name(name))
	expect(records/2, end, take(from, end-records/2))
	Must(from.Close())
}

func afterRestart(run *Run) {
	topic := run.Name("restart")
	expect(0, records, read(run, topic, records))
	send(run, topic, records, records+10)
	resume(run, "restart", records+10)
}

// consumerGroup reads all and commits; the next of the group finds nothing but what comes later.
func consumerGroup(run *Run) {
	topic := run.Name("group")
	createTopic(run, topic, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 2*Patience)
	defer cancel()
	for _, part := range [][2]int{{0, records}, {records, records + 10}} {
		send(run, topic, part[0], part[1])
		from := reader(run, topic, topic)
		seen := take(from, part[1]-part[0])
		expect(part[0], part[1], seen)
		Must(from.CommitMessages(ctx, seen...))
		Must(from.Close())
	}
}

// rebalance: one member, then three, then one. The library tells of no assignment, so each member must get records of its own.
func rebalance(run *Run) {
	topic := run.Name("rebalance")
	createTopic(run, topic, groupPartitions)
	var mutex sync.Mutex
	var seen []string
	taken := map[*kafka.Reader]int{}
	join := func() *kafka.Reader {
		one := reader(run, topic, topic)
		go func() {
			for {
				message, err := one.ReadMessage(context.Background())
				if err != nil {
					return
				}
				mutex.Lock()
				seen = append(seen, string(message.Value))
				taken[one]++
				mutex.Unlock()
			}
		}()
		return one
	}
	var members []*kafka.Reader
	next := 0
	for _, size := range []int{1, 3, 1} {
		for len(members) < size {
			members = append(members, join())
		}
		for len(members) > size {
			Must(members[0].Close())
			members = members[1:]
		}
		mutex.Lock()
		taken = map[*kafka.Reader]int{}
		mutex.Unlock()
		sent := []string{}
		Await("each member has records", func() bool {
			for partition := 0; partition < groupPartitions; partition++ {
				conn := leader(run, topic, partition)
				Got(conn.WriteMessages(messages(next, next+10)...))
				Must(conn.Close())
				sent = append(sent, Values(next, next+10)...)
				next += 10
			}
			time.Sleep(200 * time.Millisecond)
			mutex.Lock()
			defer mutex.Unlock()
			return len(taken) == size
		})
		Await("all records", func() bool {
			mutex.Lock()
			defer mutex.Unlock()
			return ContainsAll(seen, sent)
		})
	}
	Must(members[0].Close())
}

// admin: the library creates and deletes topics.
func admin(run *Run) {
	topic := run.Name("admin")
	conn := dial(run)
	createTopic(run, topic, 3)
	many := kafka.TopicConfig{Topic: topic + "-replicas", NumPartitions: 1, ReplicationFactor: 3}
	Require(conn.CreateTopics(many) == kafka.InvalidReplicationFactor, "three replicas: %v", conn.CreateTopics(many))
	Must(conn.DeleteTopics(topic))
	Await("the topic is gone", func() bool {
		for _, partition := range Got(conn.ReadPartitions()) {
			if partition.Topic == topic {
				return false
			}
		}
		return true
	})
	Require(conn.DeleteTopics(topic) == kafka.UnknownTopicOrPartition, "a second deletion: %v", conn.DeleteTopics(topic))
	Unsupported("the library creates and deletes topics, which works, and has no other calls of an admin client")
}

// slowConsumer fetches a few batches at a time; the versions that the library speaks must fetch them whole.
func slowConsumer(run *Run) {
	topic := run.Name("slow")
	createTopic(run, topic, 1)
	conn := leader(run, topic, 0)
	for n := 0; n < records; n += 10 {
		batch := messages(n, n+10)
		for one := range batch {
			batch[one].Value = []byte(strings.Repeat(fmt.Sprint(n+one), 100))
		}
		Got(conn.WriteMessages(batch...))
	}
	from := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{run.Bootstrap}, Topic: topic, MinBytes: 1, MaxBytes: 5000, QueueCapacity: 1})
	defer from.Close()
	for n, one := range take(from, records) {
		Require(string(one.Value) == strings.Repeat(fmt.Sprint(n), 100), "record %d", n)
	}
}
