// confluent-kafka-go as a client of the matrix.
package main

import (
	"fmt"
	"os"

	"brokkr/golang/matrix"

	"github.com/confluentinc/confluent-kafka-go/kafka"
)

func main() {
	if _, version := kafka.LibraryVersion(); version != "2.2.0" {
		fmt.Fprintln(os.Stderr, "librdkafka is", version)
		os.Exit(1)
	}
	matrix.Main(map[string]func(*matrix.Run){
		"api-versions": func(*matrix.Run) {
			matrix.Unsupported("this release hides librdkafka's log, which alone tells what versions it found")
		},
		"metadata":              metadata,
		"produce":               produce,
		"fetch":                 fetch,
		"consumer-group":        consumerGroup,
		"list-groups":           func(*matrix.Run) { matrix.Unsupported("this release has no call that lists groups") },
		"produce-v2-regression": produceV2Regression,
		"empty-topic":           emptyTopic,
		"headers":               headers,
		"nulls":                 nulls,
		"codec-gzip":            codec("gzip"),
		"codec-snappy":          codec("snappy"),
		"codec-lz4":             codec("lz4"),
		"codec-zstd":            codec("zstd"),
		"large-messages":        largeMessages,
		"list-offsets-by-time":  listOffsetsByTime,
		"commit-and-resume":     commitAndResume,
		"rebalance":             rebalance,
		"cooperative":           func(*matrix.Run) { matrix.Unsupported("this release has no incremental assignment") },
		"static-members":        staticMembers,
		"idempotent":            idempotent,
		"admin":                 admin,
		"delete-records":        func(*matrix.Run) { matrix.Unsupported("this release has no call that deletes records") },
		"group-admin":           func(*matrix.Run) { matrix.Unsupported("this release has no calls on groups") },
		"pipelined":             pipelined,
		"slow-consumer":         slowConsumer,
		"before-restart":        beforeRestart,
		"after-restart":         afterRestart,
	})
}
