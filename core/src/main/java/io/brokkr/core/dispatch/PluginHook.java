package io.brokkr.core.dispatch;

import io.brokkr.spi.RequestHook;
import java.util.Comparator;

/**
 * A hook, and whose it is.
 *
 * @param owner the id of the plugin
 * @param order where it stands among others, the lowest outermost
 */
public record PluginHook(String owner, int order, RequestHook hook) {

    static final Comparator<PluginHook> OUTERMOST_FIRST =
            Comparator.comparingInt(PluginHook::order).thenComparing(PluginHook::owner);
}
