package io.brokkr.core.configuration;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/** Reads {@code .properties} text as {@link Properties} does, and keeps the number of the line that each value stands in. */
public final class PropertiesText {

    /** Behind each line, which keeps its end: whether there is one makes a difference behind a backslash. */
    private static final Pattern LINE_ENDS = Pattern.compile("(?<=\n)|(?<=\r)(?!\n)");

    private PropertiesText() {}

    /**
     * Reads a file in UTF-8.
     *
     * @throws InvalidConfigurationException if it cannot be read, or a line is malformed
     */
    public static List<GivenSetting> read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (NoSuchFileException absent) {
            throw new InvalidConfigurationException("there is no configuration file " + file.toAbsolutePath());
        } catch (CharacterCodingException notText) {
            throw new InvalidConfigurationException(file + " is not text in UTF-8");
        } catch (IOException unreadable) {
            throw new InvalidConfigurationException(
                    "the configuration file " + file.toAbsolutePath() + " cannot be read: " + unreadable);
        }
    }

    /**
     * Reads text. A name that is given twice is returned twice, in order.
     *
     * @param origin what to call the text in messages
     * @throws InvalidConfigurationException if a line is malformed
     */
    public static List<GivenSetting> parse(String text, String origin) {
        List<GivenSetting> given = new ArrayList<>();
        StringBuilder logicalLine = new StringBuilder();
        int lineNumber = 0;
        int firstLine = 1;
        for (String line : LINE_ENDS.splitAsStream(text).toList()) {
            lineNumber++;
            if (logicalLine.isEmpty()) {
                firstLine = lineNumber;
            }
            logicalLine.append(line);
            boolean first = firstLine == lineNumber;
            if (!(first && isComment(line)) && endsInContinuation(line)) {
                continue;
            }
            parseLogicalLine(logicalLine.toString(), origin + ", line " + firstLine, given);
            logicalLine.setLength(0);
        }
        parseLogicalLine(logicalLine.toString(), origin + ", line " + firstLine, given);
        return given;
    }

    private static void parseLogicalLine(String line, String source, List<GivenSetting> given) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(line));
        } catch (IOException | IllegalArgumentException malformed) {
            throw new InvalidConfigurationException(source + ": " + malformed.getMessage());
        }
        properties.forEach(
                (name, value) -> given.add(new GivenSetting((String) name, ((String) value).strip(), source)));
    }

    private static boolean isComment(String line) {
        String content = line.stripLeading();
        return content.startsWith("#") || content.startsWith("!");
    }

    /** An odd number of backslashes at the end joins the next line to this one. */
    private static boolean endsInContinuation(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
            end--;
        }
        int backslashes = 0;
        while (backslashes < end && line.charAt(end - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
