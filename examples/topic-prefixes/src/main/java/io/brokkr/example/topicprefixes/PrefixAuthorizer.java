package io.brokkr.example.topicprefixes;

import io.brokkr.spi.RequestContext;
import io.brokkr.spi.security.Authorizer;
import io.brokkr.spi.security.Operation;
import io.brokkr.spi.security.Principal;
import io.brokkr.spi.security.Resource;
import java.util.Set;

/** Alice may do everything with {@code alice-orders}, and everybody may see which brokers there are. */
final class PrefixAuthorizer implements Authorizer {

    private final Set<String> superUsers;

    PrefixAuthorizer(Set<String> superUsers) {
        this.superUsers = superUsers;
    }

    @Override
    public boolean allows(RequestContext request, Operation operation, Resource resource) {
        Principal principal = request.principal();
        if (!principal.type().equals(Principal.USER)) {
            return false;
        }
        return superUsers.contains(principal.name())
                || switch (resource.type()) {
                    case TOPIC, GROUP -> isOwned(resource.name(), principal.name());
                    case CLUSTER -> operation == Operation.DESCRIBE;
                };
    }

    /** A user with a dash in the name owns nothing: alice would own all that is of alice-bob. */
    private static boolean isOwned(String name, String user) {
        return name.startsWith(user) && name.startsWith("-", user.length()) && !user.contains("-");
    }
}
