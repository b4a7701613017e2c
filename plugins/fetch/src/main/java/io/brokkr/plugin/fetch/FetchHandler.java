package io.brokkr.plugin.fetch;

import io.brokkr.plugin.fetch.FetchTarget.Name;
import io.brokkr.plugin.fetch.PendingFetch.FetchLimits;
import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.FetchRequest;
import io.brokkr.protocol.message.FetchRequest.FetchPartition;
import io.brokkr.protocol.message.FetchRequest.FetchTopic;
import io.brokkr.protocol.message.FetchRequest.ForgottenTopic;
import io.brokkr.protocol.message.FetchResponse;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.Partition.Isolation;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import io.brokkr.spi.Scheduler;
import io.brokkr.spi.Setting;
import io.brokkr.spi.security.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Fetch, at all versions: from version 4 on with record batches as they are stored, and before that with the message sets that {@link OldFormatFetch} makes of them; from
 * version 7 on with sessions (KIP-227).
 */
final class FetchHandler implements ApiHandler<FetchRequest> {

    static final Setting<Integer> MAX_BYTES = Setting.integer(
            "fetch.max.bytes",
            55 * 1024 * 1024,
            1024,
            Integer.MAX_VALUE,
            "The most bytes that one fetch returns, whatever the client asks for. A first batch that is larger is returned"
                    + " all the same.");

    private static final int FIRST_VERSION_OF_MAX_BYTES = 3;
    private static final int FIRST_VERSION_OF_MAGIC_2 = 4;
    private static final int FIRST_VERSION_OF_SESSIONS = 7;
    private static final int FIRST_VERSION_OF_ZSTANDARD = 10;
    private static final int FIRST_VERSION_OF_TOPIC_IDS = 13;
    private static final byte READ_COMMITTED = 1;

    private final PartitionAccess access;
    private final FetchSessions sessions;
    private final Scheduler scheduler;
    private final OldFormatFetch oldFormats;
    private final ZstandardTopics zstandardTopics;
    private final int maxBytes;

    FetchHandler(
            PartitionAccess access,
            FetchSessions sessions,
            Scheduler scheduler,
            OldFormatFetch oldFormats,
            ZstandardTopics zstandardTopics,
            int maxBytes) {
        this.access = access;
        this.sessions = sessions;
        this.scheduler = scheduler;
        this.oldFormats = oldFormats;
        this.zstandardTopics = zstandardTopics;
        this.maxBytes = maxBytes;
    }

    @Override
    public Api<FetchRequest> api() {
        return FetchRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, FetchRequest request) {
        int version = context.apiVersion();
        List<FetchTarget> named = targets(request);
        if (version < FIRST_VERSION_OF_MAGIC_2) {
            return fetch(context, request, named)
                    .thenCompose(outcome -> oldFormats.convert(context, limit(request), outcome))
                    .thenApply(outcome -> FetchAnswer.full(context, outcome));
        }
        if (version < FIRST_VERSION_OF_SESSIONS || request.sessionEpoch() == FetchSession.FINAL_EPOCH) {
            sessions.close(context.principal(), request.sessionId());
            return fetch(context, request, named).thenApply(outcome -> FetchAnswer.full(context, outcome));
        }
        if (request.sessionEpoch() == FetchSession.INITIAL_EPOCH) {
            sessions.close(context.principal(), request.sessionId());
            return fetch(context, request, named).thenApply(outcome -> inNewSession(context, named, outcome));
        }
        FetchSession session = sessionOf(context, request);
        List<FetchTarget> all = session.update(named, forgotten(request));
        return fetch(context, request, all)
                .thenApply(outcome -> FetchAnswer.of(context, session.id(), session.news(outcome)));
    }

    private Response inNewSession(RequestContext context, List<FetchTarget> named, List<PartitionFetch> outcome) {
        FetchSession session =
                named.isEmpty() ? null : sessions.open(context.principal(), usesTopicIds(context.apiVersion()), named);
        if (session == null) {
            return FetchAnswer.full(context, outcome);
        }
        session.news(outcome);
        return FetchAnswer.of(context, session.id(), outcome);
    }

    private FetchSession sessionOf(RequestContext context, FetchRequest request) {
        FetchSession session = sessions.find(context.principal(), request.sessionId());
        if (session == null) {
            throw new ApiException(
                    ErrorCode.FETCH_SESSION_ID_NOT_FOUND, "there is no fetch session " + request.sessionId());
        }
        if (session.usesTopicIds() != usesTopicIds(context.apiVersion())) {
            throw new ApiException(
                    ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
                    "the fetch session " + request.sessionId()
                            + " was opened at a version that names topics otherwise");
        }
        if (!session.advance(request.sessionEpoch())) {
            throw new ApiException(
                    ErrorCode.INVALID_FETCH_SESSION_EPOCH,
                    "the fetch session " + request.sessionId() + " is not at the epoch " + request.sessionEpoch());
        }
        return session;
    }

    private CompletionStage<List<PartitionFetch>> fetch(
            RequestContext context, FetchRequest request, List<FetchTarget> targets) {
        FetchLimits limits = new FetchLimits(
                request.minBytes(),
                limit(request),
                context.apiVersion() < FIRST_VERSION_OF_MAX_BYTES,
                Duration.ofMillis(Math.max(0, request.maxWaitMs())),
                request.isolationLevel() == READ_COMMITTED ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED);
        AllowedPartitions partitions = new AllowedPartitions(access, context, Operation.READ);
        CompletionStage<List<PartitionFetch>> outcome =
                PendingFetch.start(partitions, scheduler, context.executor(), limits, targets);
        return context.apiVersion() < FIRST_VERSION_OF_ZSTANDARD ? outcome.thenApply(zstandardTopics::refuse) : outcome;
    }

    private int limit(FetchRequest request) {
        return Math.min(request.maxBytes(), maxBytes);
    }

    private static boolean usesTopicIds(int version) {
        return version >= FIRST_VERSION_OF_TOPIC_IDS;
    }

    private static List<FetchTarget> targets(FetchRequest request) {
        List<FetchTarget> targets = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                Name name = new Name(topic.topic(), topic.topicId(), partition.partition());
                targets.add(FetchTarget.of(name, partition));
            }
        }
        return targets;
    }

    private static Set<Name> forgotten(FetchRequest request) {
        Set<Name> names = new HashSet<>();
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            topic.partitions().forEach(partition -> names.add(new Name(topic.topic(), topic.topicId(), partition)));
        }
        return names;
    }

    /** From version 7 on the response has a place for an error of the whole; before that, each partition says it. */
    @Override
    public Message failure(FetchRequest request, int version, ErrorCode error) {
        List<PartitionFetch> failed = targets(request).stream()
                .map(target -> PartitionFetch.failed(target, null, new ApiException(error, error.name())))
                .toList();
        return version >= FIRST_VERSION_OF_SESSIONS
                ? FetchResponse.builder().errorCode(error).build()
                : FetchAnswer.message(FetchAnswer.NO_SESSION, failed, 0);
    }
}
