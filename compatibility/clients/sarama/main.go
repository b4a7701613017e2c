// Sarama as a client of the matrix.
package main

import (
	"brokkr/golang/matrix"

	"github.com/Shopify/sarama"
)

func main() {
	matrix.Main(map[string]func(*matrix.Run){
		"api-versions":          apiVersions,
		"metadata":              metadata,
		"produce":               produce,
		"fetch":                 fetch,
		"consumer-group":        consumerGroup,
		"list-groups":           listGroups,
		"produce-v2-regression": produceV2Regression,
		"empty-topic":           emptyTopic,
		"headers":               headers,
		"nulls":                 nulls,
		"codec-gzip":            codec("gzip", sarama.CompressionGZIP, sarama.V0_8_2_0),
		"codec-snappy":          codec("snappy", sarama.CompressionSnappy, sarama.V0_8_2_0),
		"codec-lz4":             codec("lz4", sarama.CompressionLZ4, sarama.V0_10_0_0),
		"codec-zstd":            codec("zstd", sarama.CompressionZSTD, sarama.V2_1_0_0),
		"large-messages":        largeMessages,
		"list-offsets-by-time":  listOffsetsByTime,
		"commit-and-resume":     commitAndResume,
		"rebalance":             rebalance,
		"cooperative":           cooperative,
		"static-members":        staticMembers,
		"idempotent":            idempotent,
		"admin":                 admin,
		"delete-records":        deleteRecords,
		"group-admin":           groupAdmin,
		"pipelined":             pipelined,
		"slow-consumer":         slowConsumer,
		"before-restart":        beforeRestart,
		"after-restart":         afterRestart,
	})
}
