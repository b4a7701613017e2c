"use strict";
/**
 * The tests of the matrix for the JavaScript clients, over what their drivers have in common.
 *
 * A client's program calls `run(Driver)`; its arguments are <test> <bootstrap server> <prefix>. It ends with 0 if the client saw what the
 * test promises, with 77 if the client cannot do it, else with 1, and the last line on standard error is the client's own error.
 *
 * A driver extends Driver and is constructed with the bootstrap server. Its methods, each of which may throw NotSupported:
 *   apiVersions()                                     Map of API key to {min, max}
 *   metadata(topic)                                   {brokers: [{id, host, port}], partitions: [{id, leader}]}
 *   createTopic(name, partitions, configs), deleteTopic(name), createPartitions(name, total), listTopics()
 *   topicConfig(name, key), alterTopicConfig(name, key, value)
 *   producer({codec, idempotent, inFlight, maxBytes})  {send(topic, partition, records): first offset, close()}
 *   oldProducer()                                     one that sends Produce version 2 or older
 *   consumer({group, topic, assignor, instance, fetchBytes})   joins; see Member
 *   offset(topic, partition, "earliest" | "latest" | timestamp)   -1 if no record is as late
 *   deleteRecords(topic, partition, before)
 *   committed(group, topic, partition), listGroups(), describeGroup(id): {state, members}, deleteGroup(id)
 *   close()
 * A record to send has `key` and `value` (string or null), and may have `headers` (object of strings) and `timestamp` (milliseconds).
 */

const assert = require("node:assert/strict");

const RECORDS = 500;
const PARTITIONS = 6;
const PATIENCE_MS = 30_000;
const LIMIT_MS = 80_000;
const NOT_SUPPORTED = 77;

/** A batch may be this large by default; a record batch of one record without key and headers is 72 bytes larger than its value. */
const LARGEST_BATCH = 1_048_588;
const BATCH_OVERHEAD = 72;

/** What the client's library has no way to do. */
class NotSupported extends Error {}

/** A consumer as drivers show it: what it saw, in the order in which it came. */
class Member {
  constructor() {
    /** Of {key, value: string or null, headers: object of strings, partition, offset: number, timestamp: number}. */
    this.records = [];
    /** What the client reported as an error. */
    this.errors = [];
    /** The numbers of the partitions that it may read now. */
    this.partitions = [];
    /** How often its partitions changed. */
    this.changes = 0;
  }

  assigned(partitions) {
    this.partitions = [...partitions].sort((one, other) => one - other);
    this.changes++;
  }

  /** Commits the offset to go on at; drivers give it. */
  async commit(partition, offset) {
    throw new NotSupported(`no commit of ${offset} on ${partition}`);
  }

  /** Leaves the group. */
  async close() {}
}

/** What a library can do, its driver overrides. */
class Driver {
  constructor(bootstrap) {
    this.bootstrap = bootstrap;
    /** What the library gives for a timestamp past the last record: -1, or the end of the partition. */
    this.pastTheEnd = "latest";
    /** Whether sends that do not wait for each other keep their order in the library. */
    this.keepsOrder = true;
    /** Whether the library shows an empty value as none. */
    this.emptyIsNull = false;
    /** Whether the library can describe and alter configurations. */
    this.hasConfigurations = true;
  }

  async close() {}
}

for (const method of [
  "apiVersions", "metadata", "createTopic", "deleteTopic", "createPartitions", "listTopics", "topicConfig", "alterTopicConfig", "producer",
  "oldProducer", "consumer", "offset", "deleteRecords", "committed", "listGroups", "describeGroup", "deleteGroup",
]) {
  Driver.prototype[method] = async () => {
    throw new NotSupported(`the library has no ${method}`);
  };
}

async function apiVersions({ driver }) {
  const versions = await driver.apiVersions();
  for (const key of [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 18]) {
    assert.ok(versions.has(key), `API ${key} is not there`);
    const { min, max } = versions.get(key);
    assert.ok(min >= 0 && max >= min, `API ${key} has versions ${min} to ${max}`);
  }
}

async function metadata({ driver, bootstrap, topic }) {
  await driver.createTopic(topic, 3);
  const { brokers, partitions } = await driver.metadata(topic);
  assert.deepEqual(brokers.map(({ host, port }) => `${host}:${port}`), [bootstrap]);
  assert.deepEqual(partitions.map(({ id }) => id).sort(), [0, 1, 2]);
  for (const { id, leader } of partitions) {
    assert.equal(leader, brokers[0].id, `leader of partition ${id}`);
  }
}

async function produce({ driver, topic }) {
  await driver.createTopic(topic, 1);
  await produceNumbers(driver, topic, 0, RECORDS);
}

async function fetch({ driver, topic }) {
  await driver.createTopic(topic, 1);
  await produceNumbers(driver, topic, 0, RECORDS);
  await expectValues(driver, topic, values(0, RECORDS));
}

async function consumerGroup({ driver, topic }) {
  await driver.createTopic(topic, 2);
  const members = await join(driver, topic, 2);
  await until("a partition each", () => String(members.map(({ partitions }) => partitions).sort()) === "0,1");
  for (const partition of [0, 1]) {
    await produceNumbers(driver, topic, partition * 100, partition * 100 + 100, { partition });
  }
  // Nothing is committed yet, so that a member reads again after a late rebalance.
  const different = () => [...new Set(seen(members))];
  await until("all 200 records", () => different().length >= 200);
  assert.deepEqual(different(), values(0, 200).sort());
  for (const member of members) {
    const partition = member.partitions[0];
    await member.commit(partition, 100);
    assert.equal(await driver.committed(topic, topic, partition), 100);
  }
  await closeAll(members);
}

async function listGroups({ driver, topic }) {
  await driver.createTopic(topic, 1);
  const [member] = await join(driver, topic, 1);
  const groups = await driver.listGroups();
  assert.ok(groups.includes(topic), `groups are ${groups}`);
  await member.close();
}

/** The field order of the old response: a client that misreads it times out although the data is stored. */
async function produceV2Regression({ driver, topic }) {
  await driver.createTopic(topic, 1);
  const producer = await driver.oldProducer();
  for (let number = 0; number < 10; number++) {
    const start = Date.now();
    assert.equal(await producer.send(topic, 0, [record(number)]), number);
    assert.ok(Date.now() - start < 5000, "acknowledged after 5 s only");
  }
  await producer.close();
  await expectValues(driver, topic, values(0, 10));
}

async function emptyTopic({ driver, topic }) {
  await driver.createTopic(topic, 1);
  const [member] = await join(driver, topic, 1);
  await pause(5000);
  assert.deepEqual(member.errors.map(String), []);
  assert.deepEqual(member.records, []);
  await withProducer(driver, {}, (producer) => producer.send(topic, 0, [{ key: null, value: "late" }]));
  const acknowledged = Date.now();
  await until("the late record", () => member.records.length > 0);
  assert.ok(Date.now() - acknowledged < 2000, `seen ${Date.now() - acknowledged} ms after the acknowledgement`);
  assert.equal(member.records[0].value, "late");
  assert.deepEqual(member.errors.map(String), []);
  await member.close();
}

async function headers({ driver, topic }) {
  await driver.createTopic(topic, 1);
  const sent = { name: "value", empty: "", "näme": "wärde ✓", long: "x".repeat(300) };
  await withProducer(driver, {}, (producer) => producer.send(topic, 0, [{ key: "k", value: "v", headers: sent }]));
  const [seenRecord] = await read(driver, topic, 1);
  assert.deepEqual(seenRecord.headers, sent);
}

async function nulls({ driver, topic }) {
  await driver.createTopic(topic, 1);
  const sent = [
    { key: null, value: "value" },
    { key: "key", value: null },
    { key: null, value: null },
    { key: "", value: "" },
  ];
  await withProducer(driver, {}, (producer) => producer.send(topic, 0, sent));
  const records = await read(driver, topic, sent.length);
  const expected = driver.emptyIsNull ? [...sent.slice(0, -1), { key: "", value: null }] : sent;
  assert.deepEqual(records.map(({ key, value }) => ({ key, value })), expected);
}

function codec(name) {
  return async ({ driver, topic }) => {
    await driver.createTopic(topic, 1);
    await produceNumbers(driver, topic, 0, RECORDS, { settings: { codec: name } });
    await withProducer(driver, { codec: name }, (producer) =>
      producer.send(topic, 0, [{ key: null, value: noise(300_000) }])
    );
    const records = await read(driver, topic, RECORDS + 1);
    assert.deepEqual(records.slice(0, RECORDS).map(({ value }) => value), values(0, RECORDS));
    assert.equal(records[RECORDS].value, noise(300_000));
  };
}

/** The largest batch that a broker takes by default is taken, one that is a byte larger is refused with an error that says so. */
async function largeMessages({ driver, topic }) {
  await driver.createTopic(topic, 1);
  const largest = LARGEST_BATCH - BATCH_OVERHEAD;
  await withProducer(driver, { maxBytes: 4_000_000 }, async (producer) => {
    assert.equal(await producer.send(topic, 0, [{ key: null, value: noise(largest) }]), 0);
    await assert.rejects(producer.send(topic, 0, [{ key: null, value: noise(largest + 1) }]), tooLarge);
    assert.equal(await producer.send(topic, 0, [{ key: null, value: "small again" }]), 1);
  });
  const records = await read(driver, topic, 2);
  assert.equal(records[0].value, noise(largest));
  assert.equal(records[1].value, "small again");
}

function tooLarge(error) {
  const said = [error.name, error.message, error.type, error.cause?.message, ...(error.errors ?? [])].join(" ");
  assert.match(said, /larger than|too[ _]?large/i);
  return true;
}

async function listOffsetsByTime({ driver, topic }) {
  await driver.createTopic(topic, 1);
  const start = Date.now() - 100_000;
  const sent = Array.from({ length: 10 }, (_, number) => ({ ...record(number), timestamp: start + number * 1000 }));
  await withProducer(driver, {}, async (producer) => {
    for (const one of sent) {
      await producer.send(topic, 0, [one]);
    }
  });
  assert.equal(await driver.offset(topic, 0, "earliest"), 0);
  assert.equal(await driver.offset(topic, 0, "latest"), 10);
  assert.equal(await driver.offset(topic, 0, start + 3500), 4);
  assert.equal(await driver.offset(topic, 0, start + 3000), 3);
  assert.equal(await driver.offset(topic, 0, start + 50_000), driver.pastTheEnd === "latest" ? 10 : -1);
  const [, second] = await read(driver, topic, 10);
  assert.equal(second.timestamp, start + 1000);
}

async function commitAndResume({ driver, topic }) {
  await driver.createTopic(topic, 1);
  await produceNumbers(driver, topic, 0, RECORDS);
  await readAndCommit(driver, topic, values(0, RECORDS), 200);
  await readAndCommit(driver, topic, values(200, RECORDS), RECORDS);
  assert.equal(await driver.committed(topic, topic, 0), RECORDS);
}

/** One member, then three, then one: always all partitions, shared evenly, and every record is seen. */
function rebalance(assignor) {
  return async ({ driver, topic }) => {
    await driver.createTopic(topic, PARTITIONS);
    const members = await join(driver, topic, 1, { assignor });
    await produceToAll(driver, topic, 0, members);
    members.push(...(await Promise.all([0, 1].map(() => driver.consumer({ group: topic, topic, assignor })))));
    await shared(members);
    await produceToAll(driver, topic, 1, members);
    const last = members[1];
    const left = [members[0], members[2]];
    await closeAll(left);
    await shared([last]);
    await produceToAll(driver, topic, 2, members);
    await last.close();
  };
}

/** A static member that goes and comes back within its session keeps its partitions, and the other notices nothing (KIP-345). */
async function staticMembers({ driver, topic }) {
  await driver.createTopic(topic, PARTITIONS);
  const one = await driver.consumer({ group: topic, topic, instance: "one" });
  await shared([one]);
  const two = await driver.consumer({ group: topic, topic, instance: "two" });
  await shared([one, two]);
  const before = two.partitions;
  const changes = one.changes;
  await two.close();
  const returned = await driver.consumer({ group: topic, topic, instance: "two" });
  await until("the partitions that it had", () => String(returned.partitions) === String(before));
  assert.equal(one.changes, changes, "changes that the other member saw");
  await closeAll([one, returned]);
}

async function idempotent({ driver, topic }) {
  await driver.createTopic(topic, 1);
  await produceNumbers(driver, topic, 0, RECORDS, { settings: { idempotent: true }, size: 10 });
  await expectValues(driver, topic, values(0, RECORDS));
}

async function admin({ driver, topic }) {
  await driver.createTopic(topic, 2, { "retention.ms": "60000" });
  await until("the topic is listed", async () => (await driver.listTopics()).includes(topic));
  assert.equal((await driver.metadata(topic)).partitions.length, 2);
  await assert.rejects(driver.createTopic(topic, 2), /exist|already|failed/i);
  if (driver.hasConfigurations) {
    assert.equal(await driver.topicConfig(topic, "retention.ms"), "60000");
    await driver.alterTopicConfig(topic, "retention.ms", "120000");
    await until("the changed setting", async () => (await driver.topicConfig(topic, "retention.ms")) === "120000");
  }
  await driver.createPartitions(topic, 4);
  await until("four partitions", async () => (await driver.metadata(topic)).partitions.length === 4);
  await driver.deleteTopic(topic);
  await until("the topic is gone", async () => !(await driver.listTopics()).includes(topic));
}

async function deleteRecords({ driver, topic }) {
  await driver.createTopic(topic, 1);
  await produceNumbers(driver, topic, 0, 100);
  await driver.deleteRecords(topic, 0, 40);
  assert.equal(await driver.offset(topic, 0, "earliest"), 40);
  assert.equal(await driver.offset(topic, 0, "latest"), 100);
  await expectValues(driver, topic, values(40, 100));
}

async function groupAdmin({ driver, topic }) {
  await driver.createTopic(topic, 1);
  const [member] = await join(driver, topic, 1);
  const busy = await driver.describeGroup(topic);
  assert.deepEqual([busy.state, busy.members], ["STABLE", 1]);
  await member.close();
  await until("the group is empty", async () => (await driver.describeGroup(topic)).state === "EMPTY");
  assert.ok((await driver.listGroups()).includes(topic));
  await driver.deleteGroup(topic);
  assert.ok(!(await driver.listGroups()).includes(topic), "a deleted group is still listed");
}

/** Requests go out without waiting for the one before; the records lie where the client was told, in the order in which they were sent. */
async function pipelined({ driver, topic }) {
  await driver.createTopic(topic, 1);
  await withProducer(driver, { inFlight: 5 }, async (producer) => {
    const sent = [];
    for (let number = 0; number < 200; number++) {
      sent.push(producer.send(topic, 0, [record(number)]));
    }
    const offsets = await Promise.all(sent);
    if (driver.keepsOrder) {
      assert.deepEqual(offsets, Array.from({ length: 200 }, (_, number) => number));
    }
    const expected = [];
    offsets.forEach((offset, number) => (expected[offset] = `record ${number}`));
    await expectValues(driver, topic, expected);
  });
}

async function slowConsumer({ driver, topic }) {
  await driver.createTopic(topic, 1);
  await withProducer(driver, {}, async (producer) => {
    for (let number = 0; number < 40; number++) {
      await producer.send(topic, 0, [{ key: String(number), value: noise(5000) + number }]);
    }
  });
  const member = await driver.consumer({ group: topic, topic, fetchBytes: 1024 });
  await until("all 40 records", () => member.records.length >= 40);
  assert.deepEqual(member.records.map(({ key }) => key), Array.from({ length: 40 }, (_, number) => String(number)));
  assert.deepEqual(member.errors.map(String), []);
  await member.close();
}

async function beforeRestart({ driver, prefix }) {
  const topic = `${prefix}-restart`;
  await driver.createTopic(topic, 1);
  await produceNumbers(driver, topic, 0, RECORDS);
  await readAndCommit(driver, topic, values(0, RECORDS), 200);
}

async function afterRestart({ driver, prefix }) {
  const topic = `${prefix}-restart`;
  await expectValues(driver, topic, values(0, RECORDS));
  await produceNumbers(driver, topic, RECORDS, RECORDS + 50);
  await readAndCommit(driver, topic, values(200, RECORDS + 50), RECORDS + 50);
}

const TESTS = {
  "api-versions": apiVersions,
  "metadata": metadata,
  "produce": produce,
  "fetch": fetch,
  "consumer-group": consumerGroup,
  "list-groups": listGroups,
  "produce-v2-regression": produceV2Regression,
  "empty-topic": emptyTopic,
  "headers": headers,
  "nulls": nulls,
  "codec-gzip": codec("gzip"),
  "codec-snappy": codec("snappy"),
  "codec-lz4": codec("lz4"),
  "codec-zstd": codec("zstd"),
  "large-messages": largeMessages,
  "list-offsets-by-time": listOffsetsByTime,
  "commit-and-resume": commitAndResume,
  "rebalance": rebalance("eager"),
  "cooperative": rebalance("cooperative"),
  "static-members": staticMembers,
  "idempotent": idempotent,
  "admin": admin,
  "delete-records": deleteRecords,
  "group-admin": groupAdmin,
  "pipelined": pipelined,
  "slow-consumer": slowConsumer,
  "before-restart": beforeRestart,
  "after-restart": afterRestart,
};

function record(number) {
  return { key: String(number), value: `record ${number}` };
}

function values(from, to) {
  return Array.from({ length: to - from }, (_, index) => `record ${from + index}`);
}

/** Text that does not compress well, always the same for a size. */
function noise(size) {
  const bytes = Buffer.alloc(size);
  let state = 1;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    bytes[index] = 33 + ((state >> 16) % 90);
  }
  return bytes.toString("latin1");
}

/** Sends the numbers in batches and expects each batch where the one before ended. */
async function produceNumbers(driver, topic, from, to, { partition = 0, settings = {}, size = 100 } = {}) {
  let expected = await driver.offset(topic, partition, "latest");
  await withProducer(driver, settings, async (producer) => {
    for (let number = from; number < to; number += size) {
      const batch = [];
      for (let next = number; next < Math.min(to, number + size); next++) {
        batch.push(record(next));
      }
      assert.equal(await producer.send(topic, partition, batch), expected);
      expected += batch.length;
    }
  });
}

let rounds = 0;

/** Everything of partition 0, seen by a group of its own. */
async function read(driver, topic, count) {
  const member = await driver.consumer({ group: `${topic}-reader-${process.pid}-${rounds++}`, topic });
  await until(`${count} records`, () => member.records.length >= count, () => `${member.records.length} came; ${member.errors}`);
  await member.close();
  return member.records;
}

async function expectValues(driver, topic, expected) {
  const records = await read(driver, topic, expected.length);
  assert.deepEqual(records.map(({ value }) => value), expected);
}

/** A member that expects these values next, commits after some of them, and leaves. */
async function readAndCommit(driver, group, expected, commitAt) {
  const member = await driver.consumer({ group, topic: group });
  await until(`${expected.length} records`, () => member.records.length >= expected.length, () => `${member.records.length} came`);
  assert.deepEqual(member.records.map(({ value }) => value), expected);
  await member.commit(0, commitAt);
  await member.close();
}

async function join(driver, topic, count, settings = {}) {
  const members = [];
  for (let joined = 0; joined < count; joined++) {
    members.push(await driver.consumer({ group: topic, topic, ...settings }));
  }
  await until(`partitions for ${count} members`, () => members.every(({ partitions }) => partitions.length > 0));
  return members;
}

async function shared(members) {
  const share = PARTITIONS / members.length;
  await until(
    `an even share for ${members.length} members`,
    () =>
      members.every(({ partitions }) => partitions.length === share) &&
      new Set(members.flatMap(({ partitions }) => partitions)).size === PARTITIONS,
    () => `they have ${members.map(({ partitions }) => `[${partitions}]`).join(" ")}`
  );
}

/** Ten records to each partition; waits until the members saw all of them. */
async function produceToAll(driver, topic, round, members) {
  const sent = [];
  await withProducer(driver, {}, async (producer) => {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const batch = Array.from({ length: 10 }, (_, index) => record(round * 1000 + partition * 10 + index));
      await producer.send(topic, partition, batch);
      sent.push(...batch.map(({ value }) => value));
    }
  });
  await until(`the ${sent.length} records of round ${round}`, () => {
    const there = new Set(seen(members));
    return sent.every((value) => there.has(value));
  });
}

function seen(members) {
  return members.flatMap(({ records }) => records.map(({ value }) => value)).sort();
}

async function withProducer(driver, settings, use) {
  const producer = await driver.producer(settings);
  try {
    return await use(producer);
  } finally {
    await producer.close();
  }
}

async function closeAll(members) {
  await Promise.all(members.map((member) => member.close()));
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function until(what, condition, state = () => "") {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}; ${state()}`);
    }
    await pause(20);
  }
}

/** One line, for reports show the last one. */
function describe(error) {
  const causes = [];
  for (let cause = error; cause && causes.length < 5; cause = cause.cause ?? cause.errors?.[0]) {
    causes.push(`${cause.name ?? "Error"}: ${cause.message ?? cause}`);
  }
  return causes.join(" <- ").replace(/\s+/g, " ").slice(0, 1000);
}

function end(error) {
  if (error instanceof NotSupported) {
    console.error(error.message);
    process.exit(NOT_SUPPORTED);
  }
  console.error(error?.stack ?? error);
  console.error(describe(error));
  process.exit(1);
}

/** The whole program. Ends the process, because clients that were not closed keep it alive. */
async function run(Driver) {
  const [test, bootstrap, prefix] = process.argv.slice(2);
  setTimeout(() => end(new Error(`hangs: no end within ${LIMIT_MS / 1000} s`)), LIMIT_MS).unref();
  process.on("unhandledRejection", end);
  process.on("uncaughtException", end);
  const body = TESTS[test];
  if (!body) {
    end(new Error(`no test ${test}`));
  }
  const driver = new Driver(bootstrap);
  try {
    await body({ driver, bootstrap, prefix, topic: `${prefix}-${test}` });
    await driver.close();
  } catch (error) {
    end(error);
  }
  process.exit(0);
}

module.exports = { Driver, Member, NotSupported, run, until };
