"use strict";
/** @confluentinc/kafka-javascript as a client of the matrix: librdkafka behind the API of KafkaJS. */

const path = require("node:path");
const { createRequire } = require("node:module");
const { Driver, Member, NotSupported, run, until } = require("../javascript/suite");

const installed = createRequire(path.join(__dirname, "../../target/clients/confluent-kafka-javascript/package.json"));
const { KafkaJS, HighLevelProducer } = installed("@confluentinc/kafka-javascript");
const { CompressionTypes, ConsumerGroupStates, ErrorCodes, Kafka, PartitionAssigners } = KafkaJS;

const CODECS = { gzip: CompressionTypes.GZIP, snappy: CompressionTypes.SNAPPY, lz4: CompressionTypes.LZ4, zstd: CompressionTypes.ZSTD };
/** What librdkafka does without ApiVersions: Produce version 1 and message sets of version 0. */
const BEFORE_API_VERSIONS = { "api.version.request": false, "broker.version.fallback": "0.9.0" };

class ConfluentKafka extends Driver {
  constructor(bootstrap) {
    super(bootstrap);
    this.emptyIsNull = true;
    this.hasConfigurations = false;
    this.kafka = new Kafka({ kafkaJS: { brokers: [bootstrap], clientId: "matrix" } });
  }

  async admin() {
    if (!this.connected) {
      this.connected = this.kafka.admin();
      await this.connected.connect();
    }
    return this.connected;
  }

  async close() {
    await this.connected?.disconnect();
  }

  /** The library does not show the versions; librdkafka's log tells them. */
  async apiVersions() {
    const learned = new Map();
    const client = new HighLevelProducer({ "metadata.broker.list": this.bootstrap, "debug": "feature", "event_cb": true }, {});
    client.on("event.log", ({ message }) => {
      const found = /ApiKey (\w+) \((\d+)\) Versions (\d+)\.\.(\d+)/.exec(message);
      if (found) {
        learned.set(Number(found[2]), { min: Number(found[3]), max: Number(found[4]) });
      }
    });
    await new Promise((resolve, reject) => client.connect({}, (error) => (error ? reject(error) : resolve())));
    // They come in the order of the keys.
    await until("the versions of ApiVersions", () => learned.has(18));
    await new Promise((resolve) => client.disconnect(resolve));
    return learned;
  }

  async metadata(topic) {
    const [{ partitions }] = await (await this.admin()).fetchTopicMetadata({ topics: [topic] });
    const brokers = new Map(
      partitions.flatMap(({ leaderNode, replicaNodes }) => [leaderNode, ...(replicaNodes ?? [])]).map((node) => [node.id, node])
    );
    return {
      brokers: [...brokers.values()],
      partitions: partitions.map(({ partitionId, leader }) => ({ id: partitionId, leader })),
    };
  }

  async createTopic(topic, numPartitions, configs = {}) {
    const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const admin = await this.admin();
    if (!(await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1, configEntries }] }))) {
      throw new Error("the topic exists");
    }
    await until("the topic is there", () => admin.fetchTopicMetadata({ topics: [topic] }).then(() => true, () => false));
  }

  async deleteTopic(topic) {
    await (await this.admin()).deleteTopics({ topics: [topic] });
  }

  async createPartitions() {
    throw new NotSupported("the admin client has no createPartitions and no configurations; creation, description and errors passed");
  }

  async listTopics() {
    return (await this.admin()).listTopics();
  }

  async producer({ codec, idempotent, inFlight, maxBytes, ...others } = {}) {
    const producer = this.kafka.producer({
      kafkaJS: { compression: codec ? CODECS[codec] : CompressionTypes.None, ...(idempotent === undefined ? {} : { idempotent }) },
      ...(inFlight ? { "max.in.flight": inFlight, "linger.ms": 0 } : {}),
      ...(maxBytes ? { "message.max.bytes": maxBytes } : {}),
      ...others,
    });
    await producer.connect();
    return {
      send: async (topic, partition, records) => {
        const messages = records.map(({ timestamp, ...record }) => ({
          ...record,
          partition,
          ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
        }));
        // One report for each batch that librdkafka made of them, in any order.
        const reports = await producer.send({ topic, messages });
        return Math.min(...reports.map(({ baseOffset }) => Number(baseOffset)));
      },
      close: () => producer.disconnect(),
    };
  }

  async oldProducer() {
    return this.producer(BEFORE_API_VERSIONS);
  }

  async consumer({ group, topic, assignor = "eager", instance, fetchBytes }) {
    const member = new Member();
    let consumer;
    consumer = this.kafka.consumer({
      kafkaJS: {
        groupId: group,
        fromBeginning: true,
        autoCommit: false,
        // Rebalances are noticed with the heartbeat; three seconds each by default are long for a test of many.
        heartbeatInterval: 300,
        partitionAssigners: [assignor === "eager" ? PartitionAssigners.roundRobin : PartitionAssigners.cooperativeSticky],
        ...(fetchBytes ? { maxBytesPerPartition: fetchBytes, maxBytes: fetchBytes } : {}),
      },
      ...(fetchBytes ? { "message.max.bytes": 1000 } : {}),
      ...(instance ? { "group.instance.id": instance } : {}),
      "rebalance_cb": ({ code }, changed) => {
        const cooperative = assignor === "cooperative";
        const numbers = changed.map(({ partition }) => partition);
        if (code === ErrorCodes.ERR__ASSIGN_PARTITIONS) {
          member.assigned(cooperative ? [...member.partitions, ...numbers] : numbers);
        } else {
          member.assigned(cooperative ? member.partitions.filter((one) => !numbers.includes(one)) : []);
        }
      },
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        member.records.push({
          key: text(message.key),
          value: text(message.value),
          headers: Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, text(value)])),
          partition,
          offset: Number(message.offset),
          timestamp: Number(message.timestamp),
        });
      },
    });
    member.commit = async (partition, offset) => {
      await consumer.commitOffsets([{ topic, partition, offset: String(offset) }]);
      // The promise keeps no more than that the commit is on its way: with Apache Kafka, too, the group may not have it yet.
      await until("the group has the offset", async () => {
        const [committed] = await consumer.committed([{ topic, partition }]);
        return Number(committed.offset) === offset;
      });
    };
    member.close = () => consumer.disconnect();
    return member;
  }

  async offset(topic, partition, which) {
    const admin = await this.admin();
    const offsets = typeof which === "number" ? await admin.fetchTopicOffsetsByTimestamp(topic, which) : await admin.fetchTopicOffsets(topic);
    const found = offsets.find((one) => one.partition === partition);
    return Number(which === "earliest" ? found.low : which === "latest" ? found.high : found.offset);
  }

  async deleteRecords(topic, partition, before) {
    await (await this.admin()).deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] });
  }

  async committed(groupId, topic, partition) {
    const [{ partitions }] = await (await this.admin()).fetchOffsets({ groupId, topics: [topic] });
    return Number(partitions.find((one) => one.partition === partition).offset);
  }

  async listGroups() {
    return (await (await this.admin()).listGroups()).groups.map(({ groupId }) => groupId);
  }

  async describeGroup(id) {
    const [{ state, members }] = (await (await this.admin()).describeGroups([id])).groups;
    const name = Object.keys(ConsumerGroupStates).find((key) => ConsumerGroupStates[key] === state);
    return { state: name, members: members.length };
  }

  async deleteGroup(id) {
    await (await this.admin()).deleteGroups([id]);
  }
}

function text(content) {
  if (Array.isArray(content)) {
    return text(content[0]);
  }
  return content === null || content === undefined ? null : content.toString();
}

run(ConfluentKafka);
