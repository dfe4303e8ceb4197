package io.holdfast.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The lines of one file, matched with the table of keys. Confined to the thread that loads the file.
///
/// Problems are collected, not thrown one by one, so that a user sees them all at once.
final class ConfigValues {
    /// A written value and where it stands.
    record Written(String text, int line) {}

    private final Path source;
    private final Map<String, Written> written = new HashMap<>();
    private final Map<String, Object> parsed = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    ConfigValues(Path source) {
        this.source = source;
    }

    void readLines(List<String> lines) {
        int number = 0;
        for (String raw : lines) {
            number++;
            String line = raw.strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                readLine(line, number);
            }
        }
    }

    private void readLine(String line, int number) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            problemAt(number, "expected 'key = value', found '" + abbreviated(line) + "'");
            return;
        }
        String key = line.substring(0, equals).strip();
        String text = withoutComment(line.substring(equals + 1)).strip();
        if (ConfigKeys.ALL.stream().noneMatch(known -> known.name().equals(key))) {
            String nearest = NearestName.of(key, ConfigKeys.ALL.stream().map(ConfigKey::name).toList())
                    .map(name -> ", did you mean '" + name + "'?")
                    .orElse("; 'holdfast node config' lists them all");
            problemAt(number, "unknown key '" + abbreviated(key) + "'" + nearest);
            return;
        }
        Written before = written.putIfAbsent(key, new Written(text, number));
        if (before != null) {
            problemAt(number, "'" + key + "' is already written in line " + before.line());
        }
    }

    /// A comment may follow a value after white space and `#`.
    private static String withoutComment(String text) {
        int comment = text.indexOf(" #");
        return comment < 0 ? text : text.substring(0, comment);
    }

    void parseAll() {
        ConfigKeys.ALL.forEach(this::parse);
    }

    private <T> void parse(ConfigKey<T> key) {
        Written value = written.get(key.name());
        if (value == null) {
            if (key.defaultText().isEmpty()) {
                problems.add(source + ": '" + key.name() + "' must be written: " + key.meaning());
            } else if (!key.defaultText().get().isEmpty()) {
                parsed.put(key.name(), key.kind().parser().apply(key.defaultText().get()));
            }
            return;
        }
        if (value.text().isEmpty() && key.defaultText().filter(String::isEmpty).isPresent()) {
            return; // Nothing was written where nothing is a value.
        }
        try {
            parsed.put(key.name(), key.kind().parser().apply(value.text()));
        } catch (IllegalArgumentException refused) {
            problemAt(value.line(),
                    key.name() + " " + refused.getMessage() + ", found '" + abbreviated(value.text()) + "'");
        }
    }

    /// Adds a problem of a key that is wrong only together with another.
    void problem(ConfigKey<?> key, String text) {
        Written value = written.get(key.name());
        if (value == null) {
            problems.add(source + ": " + key.name() + " " + text);
        } else {
            problemAt(value.line(), key.name() + " " + text);
        }
    }

    private void problemAt(int line, String text) {
        problems.add(source + ":" + line + ": " + text);
    }

    void throwProblems() throws InvalidConfigException {
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    <T> T get(ConfigKey<T> key) {
        return find(key).orElseThrow(() -> new IllegalStateException("no value: key=" + key.name()));
    }

    /// Empty only for a key whose default is nothing.
    <T> Optional<T> find(ConfigKey<T> key) {
        @SuppressWarnings("unchecked") // parse() stored what this very key's parser made
        T value = (T) parsed.get(key.name());
        return Optional.ofNullable(value);
    }

    boolean isWritten(ConfigKey<?> key) {
        return written.containsKey(key.name());
    }

    private static String abbreviated(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }
}
