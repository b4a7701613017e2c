package io.brokkr.protocol;

/** A message has no such version, or holds a value that the version cannot carry and that must not be dropped in silence. */
public final class UnsupportedVersionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says which message or field, and which version. */
    public UnsupportedVersionException(String message) {
        super(message);
    }

    /** A message is asked for a version that it does not have. */
    public static UnsupportedVersionException outOfRange(String message, int version, int lowest, int highest) {
        return new UnsupportedVersionException(
                message + " has the versions " + lowest + " to " + highest + ", not " + version);
    }

    /** A field is set, but the version does not have it. */
    public static UnsupportedVersionException notCarried(String field, int version) {
        return new UnsupportedVersionException(field + " is set, and version " + version + " does not have it");
    }

    /** A field is null, but may not be in this version. */
    public static UnsupportedVersionException notNullable(String field, int version) {
        return new UnsupportedVersionException(field + " is null, which version " + version + " cannot say");
    }
}
