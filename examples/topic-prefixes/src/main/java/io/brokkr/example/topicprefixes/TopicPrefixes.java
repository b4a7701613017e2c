package io.brokkr.example.topicprefixes;

import io.brokkr.spi.BrokerServices;
import io.brokkr.spi.Setting;
import io.brokkr.spi.security.Authorizer;
import io.brokkr.spi.security.AuthorizerFactory;
import java.util.List;
import java.util.Set;

/** The entry of the plugin. */
public final class TopicPrefixes implements AuthorizerFactory {

    private static final Setting<List<String>> SUPER_USERS = Setting.list(
            "topic.prefixes.super.users", "", "The names of the users who may do everything, separated by commas.");

    /** For {@link java.util.ServiceLoader}. */
    public TopicPrefixes() {}

    @Override
    public List<Setting<?>> settings() {
        return List.of(SUPER_USERS);
    }

    @Override
    public String name() {
        return "topic-prefixes";
    }

    @Override
    public Authorizer create(BrokerServices broker) {
        return new PrefixAuthorizer(Set.copyOf(broker.configuration().get(SUPER_USERS)));
    }
}
