package io.brokkr.example.passwordfile;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Setting;
import io.brokkr.spi.security.AuthenticationStep;
import io.brokkr.spi.security.Authenticator;
import io.brokkr.spi.security.AuthenticatorFactory;
import java.nio.file.Path;
import java.util.List;

/** The mechanism PLAIN, with the users of a file. */
public final class PasswordFile implements AuthenticatorFactory {

    private static final Setting<String> FILE = Setting.text(
            "password.file",
            null,
            "The file with those who can authenticate by the mechanism PLAIN: a line name:iterations:salt:hash for each, as"
                    + " brokkr hash-password prints it.");

    private static final byte[] NO_TOKEN = {};

    private final HashingThread hashing = new HashingThread();

    /** For {@link java.util.ServiceLoader}. */
    public PasswordFile() {}

    @Override
    public List<Setting<?>> settings() {
        return List.of(FILE);
    }

    @Override
    public String mechanism() {
        return "PLAIN";
    }

    @Override
    public Authenticator create(BrokerServices broker) {
        String file = broker.configuration().get(FILE);
        if (file.isEmpty()) {
            throw new ApiException(ErrorCode.INVALID_CONFIG, FILE + " names no file; give the one with the users");
        }
        UsersFile users = UsersFile.open(Path.of(file));
        return client -> token -> hashing.submit(() -> authenticate(users, token));
    }

    @Override
    public void close() {
        hashing.close();
    }

    /** Takes its time: a hash that is quick to make is quick to guess. The answer does not tell whether the name or the password was wrong. */
    private static AuthenticationStep authenticate(UsersFile users, byte[] token) {
        PlainToken claim = PlainToken.read(token);
        if (!users.current().accept(claim.name(), claim.password())) {
            throw new ApiException(ErrorCode.SASL_AUTHENTICATION_FAILED, "Invalid username or password");
        }
        return AuthenticationStep.authenticated(claim.name(), NO_TOKEN);
    }
}
