"use strict";
/** node-rdkafka as a client of the matrix. */

const path = require("node:path");
const { createRequire } = require("node:module");
const { Driver, Member, NotSupported, run, until } = require("../javascript/suite");

const installed = createRequire(path.join(__dirname, "../../target/clients/node-rdkafka/package.json"));
const { AdminClient, CODES, HighLevelProducer, KafkaConsumer } = installed("node-rdkafka");

const TIMEOUT_MS = 10_000;
/** What librdkafka does without ApiVersions: Produce version 1 and message sets of version 0. */
const BEFORE_API_VERSIONS = { "api.version.request": false, "broker.version.fallback": "0.9.0" };
/** Of librdkafka's own words for what it learned of the broker. */
const FEATURES = { MsgVer2: [0, 1], ApiVersion: [18], BrokerGroupCoordinator: [10], OffsetTime: [2], IdempotentProducer: [22] };

class NodeRdkafka extends Driver {
  constructor(bootstrap) {
    super(bootstrap);
    this.pastTheEnd = -1;
    this.emptyIsNull = true;
    this.hasConfigurations = false;
    this.admin = AdminClient.create({ "metadata.broker.list": bootstrap });
  }

  async close() {
    this.admin.disconnect();
    if (this.asking) {
      await disconnect(this.asking);
    }
  }

  /** A client for questions that are no admin client's. */
  async client() {
    this.asking ??= await connect(new HighLevelProducer({ "metadata.broker.list": this.bootstrap }, {}));
    return this.asking;
  }

  /** The library does not show the versions; librdkafka's log tells which features it derived from them. */
  async apiVersions() {
    const said = [];
    const client = new HighLevelProducer({ "metadata.broker.list": this.bootstrap, "debug": "feature", "event_cb": true }, {});
    client.on("event.log", ({ message }) => said.push(message));
    await connect(client);
    await until("librdkafka's list of features", () => {
      client.poll();
      return said.some((line) => /Updated enabled protocol features/.test(line));
    });
    await disconnect(client);
    const learned = new Map();
    for (const line of said) {
      const found = /ApiKey (\w+) \((\d+)\) Versions (\d+)\.\.(\d+)/.exec(line);
      if (found) {
        learned.set(Number(found[2]), { min: Number(found[3]), max: Number(found[4]) });
      }
    }
    for (const feature of Object.keys(FEATURES)) {
      if (!said.some((line) => line.includes(feature))) {
        throw new Error(`librdkafka did not find the feature ${feature}`);
      }
    }
    return learned;
  }

  async metadata(topic) {
    const client = await this.client();
    const { brokers, topics } = await called((done) => client.getMetadata({ topic, timeout: TIMEOUT_MS }, done));
    const { partitions } = topics.find(({ name }) => name === topic);
    return { brokers, partitions: partitions.map(({ id, leader }) => ({ id, leader })) };
  }

  async createTopic(topic, partitions, config = {}) {
    await called((done) =>
      this.admin.createTopic({ topic, num_partitions: partitions, replication_factor: 1, config }, TIMEOUT_MS, done)
    );
    await until("the topic has leaders", async () => (await this.metadata(topic)).partitions.length === partitions);
  }

  async deleteTopic(topic) {
    await called((done) => this.admin.deleteTopic(topic, TIMEOUT_MS, done));
  }

  async createPartitions(topic, total) {
    await called((done) => this.admin.createPartitions(topic, total, TIMEOUT_MS, done));
  }

  async listTopics() {
    const client = await this.client();
    const { topics } = await called((done) => client.getMetadata({ allTopics: true, timeout: TIMEOUT_MS }, done));
    return topics.map(({ name }) => name);
  }

  async producer({ codec, idempotent = false, inFlight, maxBytes, ...others } = {}) {
    const producer = new HighLevelProducer({
      "metadata.broker.list": this.bootstrap,
      "compression.codec": codec ?? "none",
      "enable.idempotence": idempotent,
      // Each send is a batch, so that their number and order are the test's.
      "linger.ms": inFlight ? 0 : 5,
      ...(inFlight ? { "max.in.flight.requests.per.connection": inFlight } : {}),
      ...(maxBytes ? { "message.max.bytes": maxBytes } : {}),
      ...others,
    }, {});
    await connect(producer);
    const one = (topic, partition, { key, value, headers, timestamp }) =>
      called((done) => {
        const list = headers && Object.entries(headers).map(([name, content]) => ({ [name]: content }));
        producer.produce(topic, partition, value === null ? null : Buffer.from(value), key, timestamp, list ?? [], done);
      });
    return {
      send: async (topic, partition, records) => (await Promise.all(records.map((record) => one(topic, partition, record))))[0],
      close: () => disconnect(producer),
    };
  }

  async oldProducer() {
    return this.producer(BEFORE_API_VERSIONS);
  }

  async consumer({ group, topic, assignor = "eager", instance, fetchBytes }) {
    const consumer = new KafkaConsumer(
      {
        "metadata.broker.list": this.bootstrap,
        "group.id": group,
        "enable.auto.commit": false,
        // Rebalances are noticed with the heartbeat; three seconds each by default are long for a test of many.
        "heartbeat.interval.ms": 300,
        "partition.assignment.strategy": assignor === "eager" ? "roundrobin" : "cooperative-sticky",
        "rebalance_cb": true,
        ...(instance ? { "group.instance.id": instance } : {}),
        ...(fetchBytes ? { "fetch.message.max.bytes": fetchBytes, "fetch.max.bytes": fetchBytes, "message.max.bytes": 1000 } : {}),
      },
      { "auto.offset.reset": "earliest" }
    );
    const member = new Member();
    consumer.on("event.error", (error) => member.errors.push(error));
    consumer.on("rebalance.error", (error) => member.errors.push(error));
    consumer.on("rebalance", ({ code }, changed) => {
      const cooperative = consumer.rebalanceProtocol() === "COOPERATIVE";
      const numbers = changed.map(({ partition }) => partition);
      if (code === CODES.ERRORS.ERR__ASSIGN_PARTITIONS) {
        member.assigned(cooperative ? [...member.partitions, ...numbers] : numbers);
      } else {
        member.assigned(cooperative ? member.partitions.filter((one) => !numbers.includes(one)) : []);
      }
    });
    consumer.on("data", ({ key, value, headers, partition, offset, timestamp }) =>
      member.records.push({
        key: text(key),
        value: text(value),
        headers: Object.assign({}, ...(headers ?? []).map((header) => mapped(header))),
        partition,
        offset,
        timestamp,
      })
    );
    await connect(consumer);
    consumer.subscribe([topic]);
    consumer.setDefaultConsumeTimeout(100);
    consumer.setDefaultConsumeLoopTimeoutDelay(10);
    consumer.consume();
    member.commit = async (partition, offset) => consumer.commitSync([{ topic, partition, offset }]);
    member.close = () => disconnect(consumer);
    return member;
  }

  async offset(topic, partition, which) {
    if (typeof which === "number") {
      const consumer = await connect(new KafkaConsumer({ "metadata.broker.list": this.bootstrap, "group.id": "none" }, {}));
      const [found] = await called((done) => consumer.offsetsForTimes([{ topic, partition, offset: which }], TIMEOUT_MS, done));
      await disconnect(consumer);
      return found.offset;
    }
    const client = await this.client();
    const { lowOffset, highOffset } = await called((done) => client.queryWatermarkOffsets(topic, partition, TIMEOUT_MS, done));
    return which === "earliest" ? lowOffset : highOffset;
  }

  async committed(group, topic, partition) {
    const consumer = await connect(new KafkaConsumer({ "metadata.broker.list": this.bootstrap, "group.id": group }, {}));
    const [found] = await called((done) => consumer.committed([{ topic, partition }], TIMEOUT_MS, done));
    await disconnect(consumer);
    return found.offset;
  }

  async deleteRecords() {
    throw new NotSupported("node-rdkafka's admin client has topics alone: no deletion of records");
  }

  async listGroups() {
    throw new NotSupported("node-rdkafka's admin client has topics alone: no groups");
  }

  async describeGroup() {
    return this.listGroups();
  }
}

function called(call) {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))));
}

async function connect(client) {
  await called((done) => client.connect({ timeout: TIMEOUT_MS }, done));
  return client;
}

async function disconnect(client) {
  await called((done) => client.disconnect(done));
}

function mapped(header) {
  return Object.fromEntries(Object.entries(header).map(([name, content]) => [name, text(content)]));
}

function text(content) {
  return content === null || content === undefined ? null : content.toString();
}

run(NodeRdkafka);
