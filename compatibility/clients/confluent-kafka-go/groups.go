package main

import (
	"sync"
	"time"

	. "brokkr/golang/matrix"

	"github.com/confluentinc/confluent-kafka-go/kafka"
)

const groupPartitions = 6

// member is a group member with a goroutine of its own.
type member struct {
	consumer   *kafka.Consumer
	leaving    chan struct{}
	done       chan struct{}
	mutex      sync.Mutex
	owned      []kafka.TopicPartition
	rebalances int
	values     []string
	failure    error
}

func join(run *Run, topic string, settings kafka.ConfigMap) *member {
	all := kafka.ConfigMap{"heartbeat.interval.ms": 300, "session.timeout.ms": 10000}
	for key, value := range settings {
		all[key] = value
	}
	joined := &member{consumer: newConsumer(run, topic, all), leaving: make(chan struct{}), done: make(chan struct{})}
	// The library itself assigns and revokes after the callback.
	Must(joined.consumer.Subscribe(topic, func(_ *kafka.Consumer, event kafka.Event) error {
		joined.mutex.Lock()
		defer joined.mutex.Unlock()
		joined.rebalances++
		joined.owned = nil
		if assigned, is := event.(kafka.AssignedPartitions); is {
			joined.owned = assigned.Partitions
		}
		return nil
	}))
	go joined.work()
	return joined
}

func (one *member) work() {
	defer close(one.done)
	for {
		select {
		case <-one.leaving:
			return
		default:
		}
		event := one.consumer.Poll(100)
		one.mutex.Lock()
		switch seen := event.(type) {
		case *kafka.Message:
			one.values = append(one.values, string(seen.Value))
		case kafka.Error:
			one.failure = seen
		}
		one.mutex.Unlock()
	}
}

func (one *member) seenValues() []string {
	one.mutex.Lock()
	defer one.mutex.Unlock()
	Must(one.failure)
	return append([]string(nil), one.values...)
}

func (one *member) ownedPartitions() []int32 {
	one.mutex.Lock()
	defer one.mutex.Unlock()
	Must(one.failure)
	var owned []int32
	for _, partition := range one.owned {
		owned = append(owned, partition.Partition)
	}
	return owned
}

func (one *member) leave() {
	close(one.leaving)
	select {
	case <-one.done:
	case <-time.After(Patience):
		Require(false, "a member hangs")
	}
	Must(one.consumer.Close())
}

// consumerGroup reads all with automatic commits; the next of the group finds nothing but what comes later.
func consumerGroup(run *Run) {
	requireVersion(run, "0.9.0", "consumer groups that this client knows")
	topic := run.Name("group")
	for _, part := range [][2]int{{0, records}, {records, records + 10}} {
		send(run, nil, topic, part[0], part[1], 1)
		consumer := newConsumer(run, topic, nil)
		Must(consumer.Subscribe(topic, nil))
		Expect(Values(part[0], part[1]), valuesOf(take(consumer, part[1]-part[0])))
		Must(consumer.Close())
	}
}

func commitAndResume(run *Run) {
	commitHalf(run, run.Name("commit"))
	resume(run, run.Name("commit"), records)
}

func beforeRestart(run *Run) { commitHalf(run, run.Name("restart")) }

func commitHalf(run *Run, topic string) {
	send(run, nil, topic, 0, records, 1)
	requireVersion(run, "0.9.0", "committed offsets that this client knows")
	consumer := newConsumer(run, topic, kafka.ConfigMap{"enable.auto.commit": false})
	Must(consumer.Subscribe(topic, nil))
	Expect(Values(0, records/2), valuesOf(take(consumer, records/2)))
	Must(Got(consumer.CommitOffsets([]kafka.TopicPartition{at(topic, 0, records/2)}))[0].Error)
	Must(consumer.Close())
}

func afterRestart(run *Run) {
	topic := run.Name("restart")
	Expect(Values(0, records), valuesOf(read(run, nil, topic, records)))
	send(run, nil, topic, records, records+10, 1)
	resume(run, topic, records+10)
}

// resume goes on at the commit as the next member.
func resume(run *Run, topic string, end int) {
	requireVersion(run, "0.9.0", "committed offsets that this client knows")
	consumer := newConsumer(run, topic, kafka.ConfigMap{"enable.auto.commit": false})
	Must(consumer.Subscribe(topic, nil))
	Expect(Values(records/2, end), valuesOf(take(consumer, end-records/2)))
	committed := Got(consumer.Committed([]kafka.TopicPartition{at(topic, 0, 0)}, patienceMs))[0]
	Require(committed.Offset == records/2, "committed is %v", committed)
	Must(consumer.Close())
}

// rebalance: one member, then three, then one; each time the partitions are shared evenly and all records are seen.
func rebalance(run *Run) {
	requireVersion(run, "0.9.0", "groups with members")
	topic := run.Name("rebalance")
	createTopic(run, topic, groupPartitions)
	var all, members []*member
	for step, size := range []int{1, 3, 1} {
		for len(members) < size {
			members = append(members, join(run, topic, nil))
			all = append(all, members[len(members)-1])
		}
		for len(members) > size {
			members[0].leave()
			members = members[1:]
		}
		awaitShared(members)
		from := step * records
		send(run, nil, topic, from, from+records, groupPartitions)
		Await("all records", func() bool {
			var seen []string
			for _, one := range all {
				seen = append(seen, one.seenValues()...)
			}
			return ContainsAll(seen, Values(from, from+records))
		})
	}
	members[0].leave()
}

func awaitShared(members []*member) {
	Await("an even share", func() bool {
		owners := map[int32]bool{}
		for _, one := range members {
			owned := one.ownedPartitions()
			if len(owned) != groupPartitions/len(members) {
				return false
			}
			for _, partition := range owned {
				owners[partition] = true
			}
		}
		return len(owners) == groupPartitions
	})
}

// staticMembers: one that goes and comes back within its session keeps its partitions, and the other notices nothing (KIP-345).
func staticMembers(run *Run) {
	requireVersion(run, "default", "static members")
	topic := run.Name("static")
	createTopic(run, topic, groupPartitions)
	instance := func(name string) *member { return join(run, topic, kafka.ConfigMap{"group.instance.id": name}) }
	stays, goes := instance("stays"), instance("goes")
	awaitShared([]*member{stays, goes})
	before, rebalances := goes.ownedPartitions(), stays.rebalances
	goes.leave()
	back := instance("goes")
	awaitShared([]*member{stays, back})
	Expect(before, back.ownedPartitions())
	Require(stays.rebalances == rebalances, "the other member saw %d rebalances", stays.rebalances-rebalances)
	stays.leave()
	back.leave()
}
