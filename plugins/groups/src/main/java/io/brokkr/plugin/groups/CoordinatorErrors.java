package io.brokkr.plugin.groups;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;

/** What clients of a coordinator are told when its partition fails: they know nothing of that partition. The same as Kafka's broker tells them. */
final class CoordinatorErrors {

    private CoordinatorErrors() {}

    /** Of an append that failed. */
    static RuntimeException ofAppend(Throwable failure) {
        return translate(failure, "the offsets topic did not take a batch");
    }

    /** Of groups that could not be read. */
    static RuntimeException ofLoad(Throwable failure) {
        return translate(failure, "the offsets topic cannot be read");
    }

    /** Of the topic that could not be created: for want of brokers, most likely. */
    static ApiException ofTopic(Throwable failure) {
        ApiException cause = ApiException.in(failure);
        return new ApiException(
                ErrorCode.COORDINATOR_NOT_AVAILABLE,
                "the offsets topic cannot be created" + (cause == null ? "" : ": " + cause.getMessage()),
                failure);
    }

    private static RuntimeException translate(Throwable failure, String what) {
        ApiException cause = ApiException.in(failure);
        if (cause == null) {
            return new IllegalStateException(
                    what, failure); // The broker logs it, since it is nothing that a client understands.
        }
        ErrorCode error =
                switch (cause.error()) {
                    case UNKNOWN_TOPIC_OR_PARTITION,
                            NOT_ENOUGH_REPLICAS,
                            NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                            REQUEST_TIMED_OUT -> ErrorCode.COORDINATOR_NOT_AVAILABLE;
                    case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> ErrorCode.NOT_COORDINATOR;
                    default -> ErrorCode.UNKNOWN_SERVER_ERROR;
                };
        return new ApiException(error, what + ": " + cause.getMessage(), failure);
    }
}
