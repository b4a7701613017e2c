//go:build ibm

package main

import "github.com/Shopify/sarama"

// askApiVersions asks the broker for the versions of its calls, lowest and highest by key.
func askApiVersions(broker *sarama.Broker) (map[int16][2]int16, error) {
	response, err := broker.ApiVersions(&sarama.ApiVersionsRequest{})
	if err != nil {
		return nil, err
	}
	found := map[int16][2]int16{}
	for _, call := range response.ApiKeys {
		found[call.ApiKey] = [2]int16{call.MinVersion, call.MaxVersion}
	}
	return found, nil
}

// makeStatic tells whether this release knows static members.
func makeStatic(config *sarama.Config, name string) bool {
	config.Consumer.Group.InstanceId = name
	return true
}

// isModern tells of the release that fetches zstd, finds the controller and reports what could not be deleted.
const isModern = true
