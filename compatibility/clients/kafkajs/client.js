"use strict";
/** KafkaJS as a client of the matrix. */

const path = require("node:path");
const { createRequire } = require("node:module");
const { Driver, Member, NotSupported, run, until } = require("../javascript/suite");

const installed = createRequire(path.join(__dirname, "../../target/clients/kafkajs/package.json"));
const { CompressionCodecs, CompressionTypes, ConfigResourceTypes, Kafka, Partitioners, logLevel } = installed("kafkajs");

const CODECS = { gzip: CompressionTypes.GZIP, snappy: CompressionTypes.Snappy, lz4: CompressionTypes.LZ4, zstd: CompressionTypes.ZSTD };

// KafkaJS brings gzip alone; its users plug in the others.
CompressionCodecs[CompressionTypes.Snappy] = installed("kafkajs-snappy");
CompressionCodecs[CompressionTypes.LZ4] = () => {
  const lz4 = installed("lz4-napi");
  return { compress: (encoder) => lz4.compressFrame(encoder.buffer), decompress: (buffer) => lz4.decompressFrame(buffer) };
};
CompressionCodecs[CompressionTypes.ZSTD] = () => {
  const zstd = new Promise((resolve) => installed("zstd-codec").ZstdCodec.run(({ Simple }) => resolve(new Simple())));
  return {
    compress: async (encoder) => Buffer.from((await zstd).compress(encoder.buffer)),
    decompress: async (buffer) => Buffer.from((await zstd).decompress(buffer)),
  };
};

class KafkaJs extends Driver {
  constructor(bootstrap) {
    super(bootstrap);
    // Sends that do not wait for each other may overtake each other on their way through KafkaJS.
    this.keepsOrder = false;
    this.kafka = new Kafka({ brokers: [bootstrap], clientId: "matrix", logLevel: logLevel.WARN });
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

  /** KafkaJS's own connection to a broker: what is underneath of its clients, with versions that it does not let them choose. */
  async broker(versions = null) {
    const [host, port] = this.bootstrap.split(":");
    const logger = this.kafka.logger();
    const connectionPool = new (installed("kafkajs/src/network/connectionPool"))({
      host,
      port: Number(port),
      logger,
      clientId: "matrix",
      requestTimeout: 10_000,
      connectionTimeout: 10_000,
      socketFactory: installed("kafkajs/src/network/socketFactory")(),
    });
    const broker = new (installed("kafkajs/src/broker"))({ connectionPool, logger, versions });
    await broker.connect();
    return broker;
  }

  async apiVersions() {
    const broker = await this.broker();
    const versions = Object.entries(broker.versions);
    await broker.disconnect();
    return new Map(versions.map(([key, { minVersion, maxVersion }]) => [Number(key), { min: minVersion, max: maxVersion }]));
  }

  async oldProducer() {
    const broker = await this.broker({ 0: { minVersion: 0, maxVersion: 2 } });
    return {
      send: async (topic, partition, records) => {
        const messages = records.map((record) => ({ ...record, timestamp: Date.now() }));
        const { topics } = await broker.produce({ topicData: [{ topic, partitions: [{ partition, messages }] }] });
        return Number(topics[0].partitions[0].offset ?? topics[0].partitions[0].baseOffset);
      },
      close: () => broker.disconnect(),
    };
  }

  async metadata(topic) {
    const admin = await this.admin();
    const { brokers } = await admin.describeCluster();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return {
      brokers: brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port })),
      partitions: topics[0].partitions.map(({ partitionId, leader }) => ({ id: partitionId, leader })),
    };
  }

  async createTopic(topic, numPartitions, configs = {}) {
    const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const admin = await this.admin();
    // It would wait for leaders once, without a second try, and Kafka makes them a moment after its answer.
    if (!(await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions, configEntries }] }))) {
      throw new Error("the topic exists");
    }
    await until("the topic is there", () => admin.fetchTopicMetadata({ topics: [topic] }).then(() => true, () => false));
  }

  async deleteTopic(topic) {
    await (await this.admin()).deleteTopics({ topics: [topic] });
  }

  async createPartitions(topic, count) {
    await (await this.admin()).createPartitions({ topicPartitions: [{ topic, count }] });
  }

  async listTopics() {
    return (await this.admin()).listTopics();
  }

  async topicConfig(name, key) {
    const { resources } = await (await this.admin()).describeConfigs({
      resources: [{ type: ConfigResourceTypes.TOPIC, name, configNames: [key] }],
      includeSynonyms: false,
    });
    return resources[0].configEntries[0].configValue;
  }

  async alterTopicConfig(name, key, value) {
    await (await this.admin()).alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries: [{ name: key, value }] }],
    });
  }

  async producer({ codec, idempotent = false, inFlight } = {}) {
    const compression = codec ? CODECS[codec] : CompressionTypes.None;
    if (codec && !CompressionCodecs[compression]) {
      throw new NotSupported(`no ${codec} codec for KafkaJS`);
    }
    const producer = this.kafka.producer({
      idempotent,
      maxInFlightRequests: inFlight,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return {
      send: async (topic, partition, records) => {
        const messages = records.map(({ timestamp, ...record }) => ({
          ...record,
          partition,
          ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
        }));
        const [answer] = await producer.send({ topic, messages, compression });
        return Number(answer.baseOffset);
      },
      close: () => producer.disconnect(),
    };
  }

  async consumer({ group, topic, assignor = "eager", instance, fetchBytes }) {
    if (instance) {
      throw new NotSupported("KafkaJS has no static members");
    }
    if (assignor === "cooperative") {
      throw new NotSupported("KafkaJS has no cooperative rebalancing");
    }
    const consumer = this.kafka.consumer({
      groupId: group,
      heartbeatInterval: 300,
      // A consumer is closed after the fetch that is under way; the default of 5 s would make up most of a test.
      maxWaitTimeInMs: 1000,
      maxBytesPerPartition: fetchBytes,
      maxBytes: fetchBytes,
    });
    const member = new Member();
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => member.assigned(payload.memberAssignment[topic] ?? []));
    consumer.on(consumer.events.CRASH, ({ payload }) => member.errors.push(payload.error));
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
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
    member.commit = (partition, offset) => consumer.commitOffsets([{ topic, partition, offset: String(offset) }]);
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
    return { state: state.toUpperCase(), members: members.length };
  }

  async deleteGroup(id) {
    await (await this.admin()).deleteGroups([id]);
  }
}

function text(bytes) {
  return bytes === null || bytes === undefined ? null : bytes.toString();
}

run(KafkaJs);
