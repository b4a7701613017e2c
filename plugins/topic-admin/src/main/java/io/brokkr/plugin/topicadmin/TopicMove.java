package io.brokkr.plugin.topicadmin;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.CommandLineContext;
import io.brokkr.spi.Topic;
import io.brokkr.spi.storage.LogId;
import io.brokkr.spi.storage.PartitionLog;
import io.brokkr.spi.storage.ReplaceableLog;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Moves topics to a storage engine, one after the other, while no broker runs. Used by one thread, which it blocks. */
final class TopicMove {

    private final BrokerServices broker;
    private final PrintStream out;
    private final PrintStream progress;
    private final String targetName;
    private final StorageEngine target;

    private TopicMove(BrokerServices broker, CommandLineContext context, String targetName, StorageEngine target) {
        this.broker = broker;
        this.out = context.out();
        this.progress = context.err();
        this.targetName = targetName;
        this.target = target;
    }

    /**
     * Opens the broker's storage.
     *
     * @throws StorageException if there is no such engine
     */
    static TopicMove to(String engine, CommandLineContext context) {
        BrokerServices broker = context.openBroker();
        return new TopicMove(broker, context, engine, required(engine, broker));
    }

    private static StorageEngine required(String name, BrokerServices broker) {
        StorageEngine engine = broker.storageEngines().get(name);
        if (engine == null) {
            throw new StorageException("there is no storage engine " + name + "; there is "
                    + String.join(
                            ", ",
                            broker.storageEngines().keySet().stream().sorted().toList()));
        }
        return engine;
    }

    /** The topic of a name. */
    Topic existing(String name) {
        Topic topic = broker.topics().find(name);
        if (topic == null) {
            throw new StorageException("there is no topic " + name);
        }
        return topic;
    }

    /**
     * Moves a topic, and does away with what an earlier run has left of it elsewhere.
     *
     * @throws StorageException if a log cannot be read or written; the topic is kept by whoever kept it
     */
    void carryOut(String name) {
        Topic topic = existing(name);
        if (topic.storageEngine().equals(targetName)) {
            out.println(name + " is kept by " + targetName + " already");
        } else {
            copy(topic, required(topic.storageEngine(), broker));
            await(broker.topics().changeStorageEngine(name, targetName));
            out.println(name + " is kept by " + targetName + " now, and not by " + topic.storageEngine() + " any more");
        }
        broker.storageEngines().forEach((engineName, engine) -> {
            if (!engineName.equals(targetName)) {
                await(engine.list()).stream()
                        .filter(log -> log.topicId().equals(topic.id()))
                        .forEach(log -> await(engine.delete(log)));
            }
        });
    }

    private void copy(Topic topic, StorageEngine source) {
        for (LogId log : logs(topic)) {
            // A run that was cut short may have left a part of it.
            await(target.delete(log));
            PartitionLog from = open(source, log, topic);
            try {
                PartitionLog to = open(target, log, topic);
                try {
                    if (from instanceof ReplaceableLog && !(to instanceof ReplaceableLog) && log.partition() == 0) {
                        progress.println("note: " + targetName + " does not compact, so cleanup.policy=compact will be"
                                + " without effect in " + topic.name());
                    }
                    new LogCopy(from, to, progress).run();
                } finally {
                    await(to.close());
                }
            } finally {
                await(from.close());
            }
        }
    }

    private static List<LogId> logs(Topic topic) {
        List<LogId> logs = new ArrayList<>();
        for (int partition = 0; partition < topic.partitionCount(); partition++) {
            logs.add(new LogId(topic.id(), topic.name(), partition));
        }
        return logs;
    }

    private static PartitionLog open(StorageEngine engine, LogId log, Topic topic) {
        return await(engine.open(log, topic.leaderEpoch(log.partition()), topic.configuration()));
    }

    /** What a stage gives; a tool has a thread for that. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw failure;
        }
    }
}
