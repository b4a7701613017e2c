package io.brokkr.plugin.assemble;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;

/** Finds the modules of Java that jars need: by what their descriptors require, or by their classes where there is no descriptor. */
final class NeededModules {

    /** Of the classes that a jar has for several versions of Java, those for the oldest that Brokkr runs on. */
    private static final String JAVA_VERSION = "17";

    private final ModuleFinder java = ModuleFinder.ofSystem();
    private final ToolProvider jdeps;
    private final NavigableSet<String> found = new TreeSet<>(Set.of("java.base"));

    private NeededModules(ToolProvider jdeps) {
        this.jdeps = jdeps;
    }

    /**
     * Those of all jars together, without what these modules need in their turn.
     *
     * @param jdeps the JDK's tool
     */
    static NavigableSet<String> of(Collection<Path> jars, ToolProvider jdeps) throws AssemblyException {
        NeededModules modules = new NeededModules(jdeps);
        for (Path jar : jars) {
            modules.add(jar);
        }
        return modules.found;
    }

    private void add(Path jar) throws AssemblyException {
        try {
            for (ModuleReference module : ModuleFinder.of(jar).findAll()) {
                if (module.descriptor().isAutomatic()) {
                    addByClasses(jar);
                } else {
                    addRequired(module.descriptor());
                }
            }
        } catch (FindException noModule) {
            addByClasses(jar);
        }
    }

    private void addRequired(ModuleDescriptor module) {
        module.requires().stream()
                .filter(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC))
                .map(Requires::name)
                .filter(name -> java.find(name).isPresent())
                .forEach(found::add);
    }

    private void addByClasses(Path jar) throws AssemblyException {
        StringWriter out = new StringWriter();
        int status = jdeps.run(
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                "--ignore-missing-deps",
                "--multi-release",
                JAVA_VERSION,
                "--print-module-deps",
                jar.toString());
        String answer = out.toString().strip();
        if (status != 0) {
            throw new AssemblyException("jdeps cannot tell which modules of Java " + jar.getFileName() + " needs: "
                    + answer.replaceAll("\\R", " "));
        }
        for (String name : answer.split(",", -1)) {
            if (java.find(name.strip()).isPresent()) {
                found.add(name.strip());
            }
        }
    }
}
