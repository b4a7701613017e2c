package io.brokkr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.brokkr.core.StartException;
import io.brokkr.spi.storage.NoSuchEngineException;
import io.brokkr.spi.storage.StorageContext;
import io.brokkr.spi.storage.StorageEngine;
import io.brokkr.spi.storage.StorageEngineFactory;
import io.brokkr.spi.storage.StorageException;
import io.brokkr.testkit.storage.StorageFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a broker gives to an engine that is built on another one, and the fixture gives it, too. */
@Timeout(60)
class EngineOnEngineTest {

    /** An engine that opens another one, and then is that. */
    private record Outer(String name, String inner) implements StorageEngineFactory {
        @Override
        public StorageEngine open(StorageContext context) {
            return context.openEngine(inner, "within-" + name);
        }
    }

    /** One that is built on none, and keeps what it was given. */
    private record Innermost(String name, List<StorageContext> opened) implements StorageEngineFactory {
        @Override
        public StorageEngine open(StorageContext context) {
            opened.add(context);
            return new RefusingEngine.Factory().open(context);
        }
    }

    private final List<StorageContext> opened = new ArrayList<>();

    private EmbeddedBroker.Builder broker(Outer... outers) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        for (Outer outer : outers) {
            builder.extension(() -> outer);
        }
        return builder.extension(() -> new Innermost("innermost", opened));
    }

    @Test
    void anEngineOpensAnotherOneInFoldersOfItsOwn(@TempDir Path folder) {
        EmbeddedBroker.Builder builder = broker(new Outer("outer", "middle"), new Outer("middle", "innermost"));
        try (EmbeddedBroker broker = builder.dataFolder(folder)
                .setting("log.dirs", folder + "," + folder.resolve("other"))
                .start()) {
            assertThat(broker.services().storageEngines().keySet())
                    .containsExactlyInAnyOrder("outer", "middle", "innermost");
            assertThat(opened)
                    .extracting(StorageContext::dataFolders)
                    .containsExactlyInAnyOrder(
                            List.of(folder, folder.resolve("other")),
                            List.of(folder.resolve("within-middle"), folder.resolve("other/within-middle")),
                            List.of(
                                    folder.resolve("within-outer/within-middle"),
                                    folder.resolve("other/within-outer/within-middle")));
            assertThat(folder.resolve("within-outer/within-middle")).isDirectory();
            Path second = folder.resolve("other/within-middle");
            assertThat(second).doesNotExist();
            opened.get(0).requireUsable(second);
            assertThat(second).isDirectory();
        }
    }

    @Test
    void anEngineThatIsNotLoadedIsNamed() {
        assertThatThrownBy(() -> broker(new Outer("outer", "s4")).start())
                .isInstanceOf(StartException.class)
                .hasMessage(
                        "the storage engine outer cannot be opened: the storage engine s4 cannot be opened for outer:"
                                + " no plugin supplies it; there is innermost, outer");
    }

    @Test
    void anEngineIsNotBuiltOnItself() {
        assertThatThrownBy(() ->
                        broker(new Outer("one", "two"), new Outer("two", "one")).start())
                .isInstanceOf(StartException.class)
                .hasMessage(
                        "the storage engine one cannot be opened: the storage engine one cannot be opened for one, for two:"
                                + " none can be built on itself; there is innermost, one, two");
    }

    @Test
    void theFixtureOpensEnginesLikeABroker(@TempDir Path folder) {
        List<StorageEngineFactory> engines = List.of(
                new Outer("outer", "innermost"),
                new Innermost("innermost", opened),
                new Outer("one", "two"),
                new Outer("two", "one"));
        try (StorageFixture fixture = new StorageFixture(List.of(folder), Map.of(), engines);
                StorageEngine engine = fixture.openEngine("outer", "space")) {
            Path own = folder.resolve("space/within-outer");
            assertThat(opened).extracting(StorageContext::dataFolders).containsExactly(List.of(own));
            assertThat(own).isDirectory();
            assertThat(engine).isInstanceOf(RefusingEngine.class);
            assertThatThrownBy(() -> fixture.openEngine("s4", "space")).isInstanceOf(NoSuchEngineException.class);
            assertThatThrownBy(() -> fixture.openEngine("one", "space"))
                    .isInstanceOf(StorageException.class)
                    .hasMessage("the fixture has no storage engine one for one, for two");
        }
    }
}
