package main

import (
	"context"
	"sync"
	"time"

	. "brokkr/golang/matrix"

	"github.com/Shopify/sarama"
)

const groupPartitions = 6

// member is a group member with a goroutine of its own.
type member struct {
	group    sarama.ConsumerGroup
	cancel   context.CancelFunc
	done     chan struct{}
	mutex    sync.Mutex
	owned    []int32
	sessions int
	values   []string
	failure  error
}

func join(run *Run, topic, instance string) *member {
	config := configuration(run)
	config.Consumer.Group.Heartbeat.Interval = 300 * time.Millisecond
	if instance != "" && !makeStatic(config, instance) {
		Unsupported("this release of Sarama knows no static members")
	}
	ctx, cancel := context.WithCancel(context.Background())
	joined := &member{group: Got(sarama.NewConsumerGroup([]string{run.Bootstrap}, topic, config)), cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(joined.done)
		for ctx.Err() == nil {
			if err := joined.group.Consume(ctx, []string{topic}, joined); err != nil && ctx.Err() == nil {
				joined.fail(err)
				return
			}
		}
	}()
	go func() {
		for err := range joined.group.Errors() {
			joined.fail(err)
		}
	}()
	return joined
}

func (one *member) fail(err error) {
	one.mutex.Lock()
	defer one.mutex.Unlock()
	one.failure = err
}

// Setup is called by Sarama when a generation begins.
func (one *member) Setup(session sarama.ConsumerGroupSession) error {
	one.mutex.Lock()
	defer one.mutex.Unlock()
	one.sessions++
	one.owned = nil
	for _, partitions := range session.Claims() {
		one.owned = append(one.owned, partitions...)
	}
	return nil
}

// Cleanup is called by Sarama when a generation ends.
func (one *member) Cleanup(sarama.ConsumerGroupSession) error { return nil }

// ConsumeClaim is called by Sarama for each partition.
func (one *member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for seen := range claim.Messages() {
		one.mutex.Lock()
		one.values = append(one.values, string(seen.Value))
		one.mutex.Unlock()
		session.MarkMessage(seen, "")
	}
	return nil
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
	return append([]int32(nil), one.owned...)
}

func (one *member) leave() {
	one.cancel()
	select {
	case <-one.done:
	case <-time.After(Patience):
		Require(false, "a member hangs")
	}
	Must(one.group.Close())
}

func requireGroups(run *Run) { requireVersion(run, sarama.V0_10_2_0, "consumer groups") }

func consumerGroup(run *Run) {
	requireGroups(run)
	topic := run.Name("group")
	createTopic(run, topic, 1)
	for _, part := range [][2]int{{0, records}, {records, records + 10}} {
		send(run, configuration(run), topic, part[0], part[1], 1)
		one := join(run, topic, "")
		Await("the records", func() bool { return len(one.seenValues()) >= part[1]-part[0] })
		one.leave()
		Expect(Values(part[0], part[1]), one.seenValues())
	}
}

func listGroups(run *Run) {
	requireVersion(run, sarama.V0_9_0_0, "ListGroups")
	topic := run.Name("listed")
	createTopic(run, topic, 1)
	send(run, configuration(run), topic, 0, 1, 1)
	commit(run, topic, 1)
	broker := sarama.NewBroker(run.Bootstrap)
	Must(broker.Open(configuration(run)))
	response := Got(broker.ListGroups(&sarama.ListGroupsRequest{}))
	_, listed := response.Groups[topic]
	Require(response.Err == sarama.ErrNoError && listed, "error %v, groups %v", response.Err, response.Groups)
	Must(broker.Close())
}

// manage gives the commits of a group without members to the body.
func manage(run *Run, topic string, body func(sarama.PartitionOffsetManager)) {
	client := newClient(run, configuration(run))
	manager := Got(sarama.NewOffsetManagerFromClient(topic, client))
	partition := Got(manager.ManagePartition(topic, 0))
	body(partition)
	Must(partition.Close())
	Must(manager.Close())
	Must(client.Close())
}

func commit(run *Run, topic string, next int64) {
	manage(run, topic, func(partition sarama.PartitionOffsetManager) { partition.MarkOffset(next, "half way") })
}

func commitAndResume(run *Run) {
	commitHalf(run, run.Name("commit"))
	resume(run, run.Name("commit"), records)
}

func beforeRestart(run *Run) { commitHalf(run, run.Name("restart")) }

func commitHalf(run *Run, topic string) {
	createTopic(run, topic, 1)
	send(run, configuration(run), topic, 0, records, 1)
	Expect(Values(0, records/2), valuesOf(read(run, configuration(run), topic, records/2)))
	commit(run, topic, records/2)
}

func afterRestart(run *Run) {
	topic := run.Name("restart")
	Expect(Values(0, records), valuesOf(read(run, configuration(run), topic, records)))
	send(run, configuration(run), topic, records, records+10, 1)
	resume(run, topic, records+10)
}

// resume goes on at the commit, and where the library has groups, as a member.
func resume(run *Run, topic string, end int) {
	manage(run, topic, func(partition sarama.PartitionOffsetManager) {
		next, metadata := partition.NextOffset()
		Require(next == records/2 && metadata == "half way", "committed is %d with %q", next, metadata)
	})
	if !configuration(run).Version.IsAtLeast(sarama.V0_10_2_0) {
		return
	}
	one := join(run, topic, "")
	Await("the records", func() bool { return len(one.seenValues()) >= end-records/2 })
	one.leave()
	Expect(Values(records/2, end), one.seenValues())
}

func cooperative(*Run) { Unsupported("Sarama has no cooperative rebalancing") }

// rebalance: one member, then three, then one; each time the partitions are shared evenly and all records are seen.
func rebalance(run *Run) {
	requireGroups(run)
	topic := run.Name("rebalance")
	createTopic(run, topic, groupPartitions)
	var all, members []*member
	for step, size := range []int{1, 3, 1} {
		for len(members) < size {
			members = append(members, join(run, topic, ""))
			all = append(all, members[len(members)-1])
		}
		for len(members) > size {
			members[0].leave()
			members = members[1:]
		}
		awaitShared(members)
		from := step * records
		send(run, configuration(run), topic, from, from+records, groupPartitions)
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
		owners := map[int32]int{}
		for _, one := range members {
			owned := one.ownedPartitions()
			if len(owned) != groupPartitions/len(members) {
				return false
			}
			for _, partition := range owned {
				owners[partition]++
			}
		}
		return len(owners) == groupPartitions
	})
}

// staticMembers: one that goes and comes back within its session keeps its partitions, and the other notices nothing (KIP-345).
func staticMembers(run *Run) {
	if !makeStatic(sarama.NewConfig(), "one") {
		Unsupported("this release of Sarama knows no static members")
	}
	if version := configuration(run).Version; version.String() < "2.3" {
		Unsupported("told to speak Kafka %s, Sarama has no static members", version)
	}
	topic := run.Name("static")
	createTopic(run, topic, groupPartitions)
	stays, goes := join(run, topic, "stays"), join(run, topic, "goes")
	awaitShared([]*member{stays, goes})
	before, sessions := goes.ownedPartitions(), stays.sessions
	goes.leave()
	back := join(run, topic, "goes")
	awaitShared([]*member{stays, back})
	Expect(before, back.ownedPartitions())
	Require(stays.sessions == sessions, "the other member saw %d rebalances", stays.sessions-sessions)
	stays.leave()
	back.leave()
}
