package io.brokkr.plugin.sasl;

import io.brokkr.protocol.Api;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.message.ListGroupsRequest;
import io.brokkr.protocol.message.ListGroupsResponse;
import io.brokkr.protocol.message.ListGroupsResponse.ListedGroup;
import io.brokkr.spi.ApiHandler;
import io.brokkr.spi.ApiHandlerFactory;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.RequestContext;
import io.brokkr.spi.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** An API for those who have proved who they are: it lists one group, which is called as the client is. */
final class WhoAmI implements ApiHandlerFactory, ApiHandler<ListGroupsRequest> {

    @Override
    public List<ApiHandler<?>> create(BrokerServices services) {
        return List.of(this);
    }

    @Override
    public Api<ListGroupsRequest> api() {
        return ListGroupsRequest.API;
    }

    @Override
    public CompletionStage<Response> handle(RequestContext context, ListGroupsRequest request) {
        ListedGroup group =
                ListedGroup.builder().groupId(context.principal().toString()).build();
        return Response.completed(
                ListGroupsResponse.builder().groups(List.of(group)).build());
    }

    @Override
    public Message failure(ListGroupsRequest request, int version, ErrorCode error) {
        return ListGroupsResponse.builder().errorCode(error).build();
    }
}
