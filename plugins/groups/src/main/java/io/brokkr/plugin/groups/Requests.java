package io.brokkr.plugin.groups;

import io.brokkr.plugin.groups.Member.Client;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Resource;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What the handlers of this plugin have in common. */
final class Requests {

    private Requests() {}

    /** Whether the client may do something with a group, be there one or not. */
    static boolean allows(RequestContext context, Operation operation, String groupId) {
        return context.allows(operation, Resource.group(groupId));
    }

    /**
     * Makes sure that the client may do something with a group, before anything is told of it.
     *
     * @throws ApiException {@code GROUP_AUTHORIZATION_FAILED}
     */
    static void requireAllowed(RequestContext context, Operation operation, String groupId) {
        if (!allows(context, operation, groupId)) {
            throw new ApiException(
                    ErrorCode.GROUP_AUTHORIZATION_FAILED,
                    context.principal() + " is not allowed " + operation + " of the group " + groupId);
        }
    }

    /**
     * Makes sure that members have a group to be in. Offsets alone may be kept under an empty name, as they always could.
     *
     * @throws ApiException {@code INVALID_GROUP_ID}
     */
    static void requireGroupId(String groupId) {
        if (groupId.isEmpty()) {
            throw new ApiException(ErrorCode.INVALID_GROUP_ID, "a group with members has a name");
        }
    }

    /** Who sent a request, as the group's description shows it. */
    static Client client(RequestContext context) {
        String id = context.clientId();
        InetSocketAddress address = context.clientAddress();
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return new Client(id == null ? "" : id, "/" + host);
    }

    /**
     * The error that a part of the response tells, when just this part has failed.
     *
     * @throws CompletionException if the failure is none that a client is told, but a mistake of ours
     */
    static ErrorCode errorOf(Throwable failure) {
        ApiException refusal = ApiException.in(failure);
        if (refusal == null) {
            throw new CompletionException(failure);
        }
        return refusal.error();
    }

    /** The results of all stages, in their order; fails if one of them fails. */
    static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
        List<CompletableFuture<T>> futures =
                stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
