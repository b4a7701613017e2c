package io.brokkr.plugin.assemble;

import io.brokkr.spi.InstalledPlugin;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A choice of plugins that has a name. */
enum Recipe {
    EDGE("log", "embedded", "produce, fetch and metadata alone, on the engine log") {
        @Override
        List<String> plugins(List<InstalledPlugin> installed) {
            return List.of("api-versions", "metadata", "produce", "fetch");
        }
    },

    TEST("memory", "memory", "all plugins but other engines, with records and metadata in memory") {
        @Override
        List<String> plugins(List<InstalledPlugin> installed) {
            return installed.stream()
                    .filter(plugin -> plugin.provides().stream().noneMatch(what -> what.startsWith("storage engine ")))
                    .map(InstalledPlugin::id)
                    .toList();
        }
    },

    FULL("log", "embedded", "all plugins, on the engine log by default") {
        @Override
        List<String> plugins(List<InstalledPlugin> installed) {
            return installed.stream().map(InstalledPlugin::id).toList();
        }
    };

    private final String storage;
    private final String metadata;
    private final String summary;

    Recipe(String storage, String metadata, String summary) {
        this.storage = storage;
        this.metadata = metadata;
        this.summary = summary;
    }

    /**
     * The one of that name.
     *
     * @throws WrongArgumentsException if there is none
     */
    static Recipe named(String name) throws WrongArgumentsException {
        for (Recipe recipe : values()) {
            if (recipe.text().equals(name)) {
                return recipe;
            }
        }
        throw new WrongArgumentsException("there is no recipe " + name + "; there are "
                + Arrays.stream(values()).map(Recipe::text).collect(Collectors.joining(", ")));
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    String summary() {
        return summary;
    }

    /** The engine of topics that do not name one. */
    String storage() {
        return storage;
    }

    /** The metadata store. */
    String metadata() {
        return metadata;
    }

    /** The ids of the plugins that it takes of those that there are, besides the engine and the store. */
    abstract List<String> plugins(List<InstalledPlugin> installed);
}
