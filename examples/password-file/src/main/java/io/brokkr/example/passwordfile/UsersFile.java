package io.brokkr.example.passwordfile;

import io.brokkr.protocol.ErrorCode;
import io.brokkr.spi.ApiException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The file with the users, which may change at any time: put another one in its place by renaming, so that it is never read half written. Thread-safe. */
final class UsersFile {

    private static final Logger LOG = System.getLogger(UsersFile.class.getName());

    private final Path file;
    private String state;
    private Users users;

    private UsersFile(Path file, String state, Users users) {
        this.file = file;
        this.state = state;
        this.users = users;
    }

    /**
     * Reads the file.
     *
     * @throws ApiException if it cannot be read, or a line of it is wrong
     */
    static UsersFile open(Path file) {
        return new UsersFile(file, state(file), read(file));
    }

    /** The users as the file has them now. If it cannot be read, those of before stay, which is told once. Reads the disk. */
    synchronized Users current() {
        try {
            String now = state(file);
            if (!now.equals(state)) {
                state = now;
                users = read(file);
                LOG.log(Level.INFO, "read " + file + " anew");
            }
        } catch (ApiException unreadable) {
            LOG.log(Level.ERROR, unreadable.getMessage() + "; those who could authenticate before still can");
        }
        return users;
    }

    /** Another one whenever the file was written or replaced. */
    private static String state(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException gone) {
            return "";
        }
    }

    private static Users read(Path file) {
        try {
            return Users.parse(Files.readAllLines(file));
        } catch (NoSuchFileException missing) {
            throw wrong(file, "there is no such file", missing);
        } catch (CharacterCodingException noText) {
            throw wrong(file, "it is not UTF-8", noText);
        } catch (IOException unreadable) {
            throw wrong(file, "it cannot be read: " + unreadable, unreadable);
        } catch (IllegalArgumentException line) {
            throw wrong(file, line.getMessage(), line);
        }
    }

    private static ApiException wrong(Path file, String reason, Exception cause) {
        return new ApiException(ErrorCode.INVALID_CONFIG, "password.file: " + file + ": " + reason, cause);
    }
}
