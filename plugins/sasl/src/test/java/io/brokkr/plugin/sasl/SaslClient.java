package io.brokkr.plugin.sasl;

import io.brokkr.protocol.Bytes;
import io.brokkr.protocol.ErrorCode;
import io.brokkr.protocol.message.ApiVersionsRequest;
import io.brokkr.protocol.message.ApiVersionsResponse;
import io.brokkr.protocol.message.ListGroupsRequest;
import io.brokkr.protocol.message.ListGroupsResponse;
import io.brokkr.protocol.message.SaslAuthenticateRequest;
import io.brokkr.protocol.message.SaslAuthenticateResponse;
import io.brokkr.protocol.message.SaslHandshakeRequest;
import io.brokkr.protocol.message.SaslHandshakeResponse;
import io.brokkr.testkit.WireClient;

/** What a client that authenticates sends, in whatever order a test likes. */
record SaslClient(WireClient wire) implements AutoCloseable {

    SaslHandshakeResponse handshake(String mechanism, int version) {
        SaslHandshakeRequest request =
                SaslHandshakeRequest.builder().mechanism(mechanism).build();
        return wire.call(SaslHandshakeRequest.API, request, version, SaslHandshakeResponse::read);
    }

    ErrorCode handshake(String mechanism) {
        return ErrorCode.forCode(handshake(mechanism, 1).errorCode());
    }

    static SaslAuthenticateRequest token(byte[] token) {
        return SaslAuthenticateRequest.builder().authBytes(Bytes.copyOf(token)).build();
    }

    SaslAuthenticateResponse authenticate(byte[] token, int version) {
        return wire.call(SaslAuthenticateRequest.API, token(token), version, SaslAuthenticateResponse::read);
    }

    int send(byte[] token) {
        return wire.send(SaslAuthenticateRequest.API, token(token), 2);
    }

    SaslAuthenticateResponse receive(int correlationId) {
        return wire.receive(SaslAuthenticateRequest.API, 2, correlationId, SaslAuthenticateResponse::read);
    }

    /** Asks what everybody may ask. */
    int apis() {
        ApiVersionsRequest request = ApiVersionsRequest.builder().build();
        return wire.call(ApiVersionsRequest.API, request, 0, ApiVersionsResponse::read)
                .apiKeys()
                .size();
    }

    int sendWhoAmI() {
        return wire.send(ListGroupsRequest.API, ListGroupsRequest.builder().build(), 0);
    }

    /** Asks what only those may ask who have authenticated. */
    String whoAmI() {
        return wire.receive(ListGroupsRequest.API, 0, sendWhoAmI(), ListGroupsResponse::read)
                .groups()
                .get(0)
                .groupId();
    }

    @Override
    public void close() {
        wire.close();
    }
}
