package io.brokkr.security;

import io.brokkr.spi.Setting;
import java.util.List;

/** What the operator may set about who clients are and what they may do. */
public final class SecuritySettings {

    static final Setting<String> PRINCIPAL_BUILDER = Setting.text(
            "principal.builder",
            null,
            "The name of what says who a client is; a plugin supplies it. Without one, a client is the user whose name it proved to have, or"
                    + " User:ANONYMOUS.");

    static final Setting<String> AUTHORIZER = Setting.text(
            "authorizer",
            null,
            "The name of what decides who may do what; a plugin supplies it. Without one, everybody may do everything.");

    static final Setting<String> CLIENT_QUOTA = Setting.text(
            "client.quota",
            null,
            "The name of what decides which clients have to pause because they use too much; a plugin supplies it. Without one, nobody has to.");

    private SecuritySettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(PRINCIPAL_BUILDER, AUTHORIZER, CLIENT_QUOTA);
    }
}
