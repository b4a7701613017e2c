package main

import (
	. "brokkr/golang/matrix"

	"github.com/Shopify/sarama"
)

func admin(run *Run) {
	requireVersion(run, sarama.V1_0_0_0, "complete admin client")
	topic := run.Name("admin")
	client := Got(sarama.NewClusterAdmin([]string{run.Bootstrap}, configuration(run)))
	short, long := "60000", "120000"
	detail := &sarama.TopicDetail{NumPartitions: 3, ReplicationFactor: 1, ConfigEntries: map[string]*string{"retention.ms": &short}}
	Must(client.CreateTopic(topic, detail, false))
	Await("the topic is there", func() bool { return isListed(client, topic) })
	expectError(sarama.ErrTopicAlreadyExists, client.CreateTopic(topic, detail, false))
	expectError(sarama.ErrInvalidTopic, client.CreateTopic("no/slash", detail, false))
	replicated := &sarama.TopicDetail{NumPartitions: 1, ReplicationFactor: 3}
	expectError(sarama.ErrInvalidReplicationFactor, client.CreateTopic(topic+"-replicas", replicated, false))
	Require(partitions(client, topic) == 3, "%d partitions", partitions(client, topic))
	brokers, controller, err := client.DescribeCluster()
	Must(err)
	Require(len(brokers) == 1 && (brokers[0].ID() == controller || !isModern) && brokers[0].Addr() == run.Bootstrap, "brokers %v, controller %d", brokers, controller)

	Require(setting(client, topic, "retention.ms") == short, "retention.ms is %s", setting(client, topic, "retention.ms"))
	Must(client.AlterConfig(sarama.TopicResource, topic, map[string]*string{"retention.ms": &long}, false))
	Await("retention.ms is altered", func() bool { return setting(client, topic, "retention.ms") == long })

	Must(client.CreatePartitions(topic, 5, nil, false))
	Await("five partitions", func() bool { return partitions(client, topic) == 5 })
	expectError(sarama.ErrInvalidPartitions, client.CreatePartitions(topic, 2, nil, false))
	Must(client.DeleteTopic(topic))
	Await("the topic is gone", func() bool { return !isListed(client, topic) })
	expectError(sarama.ErrUnknownTopicOrPartition, client.DeleteTopic(topic))
	Must(client.Close())
}

// expectError also accepts the code inside of the library's own error types.
func expectError(wanted sarama.KError, err error) {
	seen := err
	switch kind := err.(type) {
	case *sarama.TopicError:
		seen = kind.Err
	case *sarama.TopicPartitionError:
		seen = kind.Err
	}
	Require(seen == wanted, "%v instead of %v", err, wanted)
}

func isListed(client sarama.ClusterAdmin, topic string) bool {
	_, there := Got(client.ListTopics())[topic]
	return there
}

func partitions(client sarama.ClusterAdmin, topic string) int {
	return len(Got(client.DescribeTopics([]string{topic}))[0].Partitions)
}

func setting(client sarama.ClusterAdmin, topic, name string) string {
	for _, entry := range Got(client.DescribeConfig(sarama.ConfigResource{Type: sarama.TopicResource, Name: topic})) {
		if entry.Name == name {
			return entry.Value
		}
	}
	return "not described"
}

func deleteRecords(run *Run) {
	requireVersion(run, sarama.V0_11_0_0, "DeleteRecords")
	topic := run.Name("deleted")
	createTopic(run, topic, 1)
	send(run, configuration(run), topic, 0, records, 1)
	client := Got(sarama.NewClusterAdmin([]string{run.Bootstrap}, configuration(run)))
	Must(client.DeleteRecords(topic, map[int32]int64{0: 40}))
	seen := read(run, configuration(run), topic, records-40)
	Require(seen[0].Offset == 40, "the first offset is %d", seen[0].Offset)
	Expect(Values(40, records), valuesOf(seen))
	Require(!isModern || client.DeleteRecords(topic, map[int32]int64{0: records + 1}) != nil, "deleted past the end")
	Must(client.Close())
}

func groupAdmin(run *Run) {
	requireVersion(run, sarama.V1_1_0_0, "DeleteGroups")
	topic := run.Name("groups")
	createTopic(run, topic, 1)
	send(run, configuration(run), topic, 0, records, 1)
	one := join(run, topic, "")
	Await("all records", func() bool { return ContainsAll(one.seenValues(), Values(0, records)) })
	client := newClient(run, configuration(run))
	admin := Got(sarama.NewClusterAdmin([]string{run.Bootstrap}, configuration(run)))
	described := Got(admin.DescribeConsumerGroups([]string{topic}))[0]
	Require(described.State == "Stable" && len(described.Members) == 1, "state %s, %d members", described.State, len(described.Members))
	coordinator := Got(client.Coordinator(topic))
	requireDeletion(coordinator, topic, sarama.ErrNonEmptyGroup)
	one.leave()
	Await("the group is empty", func() bool { return Got(admin.DescribeConsumerGroups([]string{topic}))[0].State == "Empty" })
	_, listed := Got(admin.ListConsumerGroups())[topic]
	Require(listed, "not listed")
	offset := Got(admin.ListConsumerGroupOffsets(topic, map[string][]int32{topic: {0}})).GetBlock(topic, 0)
	Require(offset != nil && offset.Offset == records, "committed %v", offset)
	requireDeletion(coordinator, topic, sarama.ErrNoError)
	_, listed = Got(admin.ListConsumerGroups())[topic]
	Require(!listed, "still listed")
	Must(client.Close())
}

func requireDeletion(coordinator *sarama.Broker, group string, wanted sarama.KError) {
	response := Got(coordinator.DeleteGroups(&sarama.DeleteGroupsRequest{Groups: []string{group}}))
	Require(response.GroupErrorCodes[group] == wanted, "deletion: %v", response.GroupErrorCodes[group])
}
