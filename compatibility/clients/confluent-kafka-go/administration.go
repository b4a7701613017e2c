package main

import (
	"context"

	. "brokkr/golang/matrix"

	"github.com/confluentinc/confluent-kafka-go/kafka"
)

func admin(run *Run) {
	requireVersion(run, "0.11.0", "admin client")
	topic := run.Name("admin")
	client := Got(kafka.NewAdminClient(configuration(run, nil)))
	defer client.Close()
	ctx := context.Background()
	create := func(name string, replicas int) kafka.ErrorCode {
		specification := kafka.TopicSpecification{Topic: name, NumPartitions: 3, ReplicationFactor: replicas, Config: map[string]string{"retention.ms": "60000"}}
		return Got(client.CreateTopics(ctx, []kafka.TopicSpecification{specification}))[0].Error.Code()
	}
	expectCode(kafka.ErrNoError, create(topic, 1))
	Await("the topic is there", func() bool { return partitions(client, topic) == 3 })
	expectCode(kafka.ErrTopicAlreadyExists, create(topic, 1))
	expectCode(kafka.ErrTopicException, create("no/slash", 1))
	expectCode(kafka.ErrInvalidReplicationFactor, create(topic+"-replicas", 3))

	Require(setting(client, topic) == "60000", "retention.ms is %s", setting(client, topic))
	alter := func(value string) kafka.ErrorCode {
		resource := kafka.ConfigResource{Type: kafka.ResourceTopic, Name: topic, Config: kafka.StringMapToConfigEntries(map[string]string{"retention.ms": value}, kafka.AlterOperationSet)}
		return Got(client.AlterConfigs(ctx, []kafka.ConfigResource{resource}))[0].Error.Code()
	}
	expectCode(kafka.ErrNoError, alter("120000"))
	Await("retention.ms is altered", func() bool { return setting(client, topic) == "120000" })
	expectCode(kafka.ErrInvalidConfig, alter("soon"))

	enlarge := func(count int) kafka.ErrorCode {
		return Got(client.CreatePartitions(ctx, []kafka.PartitionsSpecification{{Topic: topic, IncreaseTo: count}}))[0].Error.Code()
	}
	expectCode(kafka.ErrNoError, enlarge(5))
	Await("five partitions", func() bool { return partitions(client, topic) == 5 })
	expectCode(kafka.ErrInvalidPartitions, enlarge(2))
	expectCode(kafka.ErrNoError, Got(client.DeleteTopics(ctx, []string{topic}))[0].Error.Code())
	Await("the topic is gone", func() bool { return partitions(client, topic) == 0 })
	expectCode(kafka.ErrUnknownTopicOrPart, Got(client.DeleteTopics(ctx, []string{topic}))[0].Error.Code())
}

func expectCode(wanted, seen kafka.ErrorCode) {
	Require(seen == wanted, "%v instead of %v", seen, wanted)
}

func partitions(client *kafka.AdminClient, topic string) int {
	return len(Got(client.GetMetadata(nil, true, patienceMs)).Topics[topic].Partitions)
}

func setting(client *kafka.AdminClient, topic string) string {
	results := Got(client.DescribeConfigs(context.Background(), []kafka.ConfigResource{{Type: kafka.ResourceTopic, Name: topic}}))
	return results[0].Config["retention.ms"].Value
}
