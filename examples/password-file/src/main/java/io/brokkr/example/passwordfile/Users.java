package io.brokkr.example.passwordfile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names with their passwords, as a file has them. Immutable. */
final class Users {

    /** The name may have colons in it; what follows it has exactly two. */
    private static final Pattern LINE = Pattern.compile("(.+):([^:]*:[^:]*:[^:]*)");

    private final Map<String, HashedPassword> passwords;
    private final List<HashedPassword> all;

    private Users(Map<String, HashedPassword> passwords) {
        this.passwords = passwords;
        this.all = List.copyOf(passwords.values());
    }

    /**
     * Takes a line for each user; empty ones, and those that begin with #, say nothing.
     *
     * @throws IllegalArgumentException that names the line
     */
    static Users parse(List<String> lines) {
        Map<String, HashedPassword> passwords = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isBlank() && !line.startsWith("#")) {
                add(line, passwords, "line " + (i + 1) + ": ");
            }
        }
        if (passwords.isEmpty()) {
            throw new IllegalArgumentException("there is no user in it");
        }
        return new Users(passwords);
    }

    private static void add(String line, Map<String, HashedPassword> passwords, String where) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException(where + "must be name:iterations:salt:hash");
        }
        try {
            if (passwords.put(parts.group(1), HashedPassword.parse(parts.group(2))) == null) {
                return;
            }
        } catch (IllegalArgumentException expected) {
            throw new IllegalArgumentException(where + "must be " + expected.getMessage(), expected);
        }
        throw new IllegalArgumentException(where + "the name " + parts.group(1) + " stands there twice");
    }

    /** Whether the password is that of the user. For a name that is not there it does the same work, so that the time that it takes does not tell who is. */
    boolean accept(String name, String password) {
        HashedPassword own = passwords.get(name);
        HashedPassword compared = own == null ? all.get(Math.floorMod(name.hashCode(), all.size())) : own;
        return compared.matches(password) && own != null;
    }
}
