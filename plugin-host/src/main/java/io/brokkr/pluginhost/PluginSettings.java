package io.brokkr.pluginhost;

import io.brokkr.spi.Setting;
import java.time.Duration;
import java.util.List;

/** What the operator can set about plugins as such. */
public final class PluginSettings {

    /** Where plugins are looked for. */
    public static final Setting<List<String>> FOLDERS = Setting.list(
            "plugin.folders",
            "",
            "The folders in which plugins are looked for, with commas between them; bin/brokkr names its own folder plugins.");

    /** Whether plugins come and go while the broker runs. */
    public static final Setting<Boolean> WATCH = Setting.flag(
            "plugins.watch",
            true,
            "Whether a running broker follows what is put into the plugin folders, replaced there or taken away. Storage engines, metadata stores, compression codecs, and what decides who clients are and what they may do, always stay until its next start.");

    /** For {@link CallWatch}. */
    public static final Setting<Duration> BLOCKING_WARNING = Setting.millis(
            "plugins.blocking.warn.ms",
            Duration.ofSeconds(1),
            "A handler or a hook of a plugin that holds up a network thread for so many milliseconds is named in the log, once for each request and with the thread's stack; 0 for never.");

    static final Setting<String> CHECKSUMS = Setting.text(
            "plugins.checksums",
            null,
            "A file with the SHA-256 of each jar that may be loaded, in lines as sha256sum writes them, under the jar's name within its plugin folder. Jars that it does not list, or with other bytes, are refused. Without it no checksum is asked for.");

    static final Setting<Boolean> REQUIRE_SIGNATURE = Setting.flag(
            "plugins.require.signature",
            false,
            "Whether a plugin is loaded only if all that is in its jars was signed, with jarsigner, by a certificate that is in plugins.trusted.keystore or chains to one there. That holds for the plugins that came with Brokkr, too.");

    static final Setting<String> TRUSTED_KEYSTORE = Setting.text(
            "plugins.trusted.keystore",
            null,
            "The key store (PKCS12) with the certificates whose signatures plugins.require.signature accepts.");

    static final Setting<String> TRUSTED_KEYSTORE_PASSWORD = Setting.password(
            "plugins.trusted.keystore.password", "The password of plugins.trusted.keystore; never shown.");

    private PluginSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                FOLDERS,
                WATCH,
                BLOCKING_WARNING,
                CHECKSUMS,
                REQUIRE_SIGNATURE,
                TRUSTED_KEYSTORE,
                TRUSTED_KEYSTORE_PASSWORD);
    }
}
