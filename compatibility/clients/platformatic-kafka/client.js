"use strict";
/** @platformatic/kafka as a client of the matrix. */

const path = require("node:path");
const { createRequire } = require("node:module");
const { Driver, Member, NotSupported, run, until } = require("../javascript/suite");

const installed = createRequire(path.join(__dirname, "../../target/clients/platformatic-kafka/package.json"));
const { Admin, ConfigResourceTypes, Consumer, IncrementalAlterConfigOperationTypes, ListOffsetTimestamps, Producer } = installed("@platformatic/kafka");

class PlatformaticKafka extends Driver {
  constructor(bootstrap) {
    super(bootstrap);
    this.pastTheEnd = -1;
    // Sends that do not wait for each other may overtake each other: the first ones wait for metadata.
    this.keepsOrder = false;
    this.settings = { clientId: "matrix", bootstrapBrokers: [bootstrap] };
    this.admin = new Admin(this.settings);
  }

  async close() {
    await this.admin.close();
  }

  async apiVersions() {
    const apis = await this.admin.listApis();
    return new Map(apis.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { min: minVersion, max: maxVersion }]));
  }

  async metadata(topic) {
    const { brokers, topics } = await this.admin.metadata({ topics: [topic], forceUpdate: true });
    return {
      brokers: [...brokers.entries()].map(([id, { host, port }]) => ({ id: Number(id), host, port })),
      partitions: topics.get(topic).partitions.map(({ leader }, id) => ({ id, leader })),
    };
  }

  async createTopic(topic, partitions, configs = {}) {
    const entries = Object.entries(configs).map(([name, value]) => ({ name, value }));
    await this.admin.createTopics({ topics: [topic], partitions, replicas: 1, configs: entries });
    await until("the topic is there", () => this.metadata(topic).then(() => true, () => false));
  }

  async deleteTopic(topic) {
    await this.admin.deleteTopics({ topics: [topic] });
  }

  async createPartitions(name, count) {
    await this.admin.createPartitions({ topics: [{ name, count }] });
  }

  async listTopics() {
    return this.admin.listTopics();
  }

  async topicConfig(resourceName, key) {
    const resources = [{ resourceType: ConfigResourceTypes.TOPIC, resourceName, configurationKeys: [key] }];
    return (await this.admin.describeConfigs({ resources }))[0].configs[0].value;
  }

  async alterTopicConfig(resourceName, name, value) {
    const configs = [{ name, configOperation: IncrementalAlterConfigOperationTypes.SET, value }];
    await this.admin.incrementalAlterConfigs({ resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName, configs }] });
  }

  async producer({ codec, idempotent } = {}) {
    const producer = new Producer({ ...this.settings, compression: codec, idempotent });
    return {
      send: async (topic, partition, records) => {
        const messages = records.map(({ key, value, headers, timestamp }) => ({
          topic,
          partition,
          key: bytes(key),
          value: bytes(value),
          headers: headers && new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
          ...(timestamp === undefined ? {} : { timestamp: BigInt(timestamp) }),
        }));
        const { offsets } = await producer.send({ messages });
        return Number(offsets[0].offset);
      },
      close: () => producer.close(),
    };
  }

  async oldProducer() {
    throw new NotSupported("@platformatic/kafka sends Produce version 3 or later");
  }

  async consumer({ group, topic, assignor, instance, fetchBytes }) {
    if (instance) {
      throw new NotSupported("@platformatic/kafka leaves the group whenever it closes, as a static member too");
    }
    if (assignor === "cooperative") {
      throw new NotSupported("@platformatic/kafka has no cooperative rebalancing");
    }
    const consumer = new Consumer({ ...this.settings, groupId: group });
    const member = new Member();
    consumer.on("consumer:group:join", ({ assignments }) =>
      member.assigned(assignments?.find((one) => one.topic === topic)?.partitions ?? [])
    );
    consumer.on("consumer:heartbeat:error", ({ error }) => {
      // A rebalance is told as an error of the heartbeat.
      if (!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes("REBALANCE_IN_PROGRESS") && !error.response?.errorCode) {
        member.errors.push(error);
      }
    });
    const stream = await consumer.consume({
      topics: [topic],
      mode: "committed",
      fallbackMode: "earliest",
      autocommit: false,
      heartbeatInterval: 300,
      maxWaitTime: 1000,
      maxBytes: fetchBytes,
      maxBytesPerPartition: fetchBytes,
    });
    stream.on("error", (error) => member.errors.push(error));
    stream.on("data", ({ key, value, headers, partition, offset, timestamp }) =>
      member.records.push({
        key: text(key),
        value: text(value),
        headers: Object.fromEntries([...headers].map(([name, content]) => [text(name), text(content)])),
        partition,
        offset: Number(offset),
        timestamp: Number(timestamp),
      })
    );
    member.commit = (partition, offset) =>
      consumer.commit({ offsets: [{ topic, partition, offset: BigInt(offset), leaderEpoch: -1 }] });
    member.close = () => consumer.close(true);
    return member;
  }

  async offset(name, partitionIndex, which) {
    const timestamp =
      which === "earliest" ? ListOffsetTimestamps.EARLIEST : which === "latest" ? ListOffsetTimestamps.LATEST : BigInt(which);
    const topics = await this.admin.listOffsets({ topics: [{ name, partitions: [{ partitionIndex, timestamp }] }] });
    return Number(topics[0].partitions[0].offset);
  }

  async deleteRecords(name, partition, before) {
    await this.admin.deleteRecords({ topics: [{ name, partitions: [{ partition, offset: BigInt(before) }] }] });
  }

  async committed(groupId, topic, partition) {
    const groups = await this.admin.listConsumerGroupOffsets({ groups: [groupId] });
    const { partitions } = groups[0].topics.find(({ name }) => name === topic);
    return Number(partitions.find(({ partitionIndex }) => partitionIndex === partition).committedOffset);
  }

  async listGroups() {
    return [...(await this.admin.listGroups()).keys()];
  }

  async describeGroup(id) {
    const { state, members } = (await this.admin.describeGroups({ groups: [id] })).get(id);
    return { state: state.toUpperCase(), members: members.size };
  }

  async deleteGroup(id) {
    await this.admin.deleteGroups({ groups: [id] });
  }
}

function bytes(string) {
  return string === null ? null : Buffer.from(string);
}

function text(buffer) {
  return buffer === null || buffer === undefined ? null : buffer.toString();
}

run(PlatformaticKafka);
