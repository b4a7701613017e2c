package io.brokkr.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.brokkr.core.Broker;
import io.brokkr.protocol.Message;
import io.brokkr.protocol.Stability;
import io.brokkr.protocol.Stability.Level;
import io.brokkr.spi.BrokerServices;
import io.brokkr.testkit.EmbeddedBroker;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever compiles against a type that the modules of {@code api-spi} export is told how far it can be relied on. */
class StabilityTest {

    @ParameterizedTest
    @ValueSource(classes = {Message.class, BrokerServices.class, EmbeddedBroker.class, TestBroker.class})
    void everyExportedTypeOfTheModuleHasALevel(Class<?> ofTheModule) throws Exception {
        List<Class<?>> exported = exported(ofTheModule);
        assertThat(exported).contains(ofTheModule);
        assertThat(exported.stream().flatMap(StabilityTest::faults)).isEmpty();
    }

    private static List<Class<?>> exported(Class<?> ofTheModule) throws IOException, URISyntaxException {
        Path location = Path.of(
                ofTheModule.getProtectionDomain().getCodeSource().getLocation().toURI());
        ModuleReference module = ModuleFinder.of(location).findAll().iterator().next();
        Set<String> packages = module.descriptor().exports().stream()
                .map(exports -> exports.source())
                .collect(Collectors.toSet());
        try (ModuleReader reader = module.open()) {
            return reader.list()
                    .filter(name -> name.endsWith(".class") && name.contains("/"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> packages.contains(name.substring(0, name.lastIndexOf('.'))))
                    .<Class<?>>map(StabilityTest::load)
                    .filter(StabilityTest::isPublic)
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, StabilityTest.class.getClassLoader());
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    private static Optional<Level> own(Class<?> type) {
        return Optional.ofNullable(type.getDeclaredAnnotation(Stability.class)).map(Stability::value);
    }

    /** Nothing for a primitive type, which has no package. */
    private static Optional<Level> ofPackage(Class<?> type) {
        return Optional.ofNullable(type.getPackage())
                .map(around -> around.getAnnotation(Stability.class))
                .map(Stability::value);
    }

    private static Optional<Level> level(Class<?> type) {
        Class<?> around = type.getEnclosingClass();
        return own(type).or(() -> around == null ? ofPackage(type) : level(around));
    }

    private static Stream<String> faults(Class<?> type) {
        Optional<Level> level = level(type);
        if (level.isEmpty()) {
            return Stream.of(type.getName() + " has no level");
        }
        if (own(type).isPresent() && own(type).equals(ofPackage(type))) {
            return Stream.of(type.getName() + " repeats what its package says");
        }
        return level.get() == Level.EVOLVING
                ? Stream.empty()
                : named(type)
                        .filter(other -> level(other).equals(Optional.of(Level.EVOLVING)))
                        .map(other -> type.getName() + " is stable, and speaks of " + other.getName());
    }

    /** The types that users of a type meet in what is public of it. */
    private static Stream<Class<?>> named(Class<?> type) {
        List<Type> types = new ArrayList<>(List.of(type.getGenericInterfaces()));
        types.add(type.getGenericSuperclass());
        for (Field field : type.getDeclaredFields()) {
            if (isSeen(field)) {
                types.add(field.getGenericType());
            }
        }
        for (Executable executable : executables(type)) {
            if (isSeen(executable)) {
                types.addAll(List.of(executable.getGenericParameterTypes()));
                types.addAll(List.of(executable.getGenericExceptionTypes()));
                if (executable instanceof Method method) {
                    types.add(method.getGenericReturnType());
                }
            }
        }
        return types.stream().flatMap(StabilityTest::classes).distinct();
    }

    private static List<Executable> executables(Class<?> type) {
        return Stream.<Executable>concat(
                        Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors()))
                .toList();
    }

    private static boolean isSeen(Member member) {
        return !member.isSynthetic()
                && (Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()));
    }

    private static Stream<Class<?>> classes(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return Stream.concat(
                    classes(parameterized.getRawType()),
                    Arrays.stream(parameterized.getActualTypeArguments()).flatMap(StabilityTest::classes));
        }
        if (type instanceof Class<?> given) {
            return given.isArray() ? classes(given.getComponentType()) : Stream.of(given);
        }
        return Stream.empty();
    }

    @Test
    void whatHasNoLevelIsFound() {
        assertThat(faults(Broker.class)).containsExactly("io.brokkr.core.Broker has no level");
    }

    @Test
    void aLevelThatThePackageHasAnywayIsFound() {
        assertThat(faults(Repeating.class)).singleElement().asString().endsWith("repeats what its package says");
    }

    @Stability(Level.EVOLVING)
    static final class Repeating {}

    @Test
    void aStableTypeThatSpeaksOfOneThatIsNotIsFound() {
        assertThat(faults(Speaking.class))
                .singleElement()
                .asString()
                .endsWith("is stable, and speaks of " + TestBroker.class.getName());
    }

    @Stability(Level.STABLE)
    static final class Speaking {
        public List<TestBroker[]> brokers() {
            return List.of();
        }
    }
}
