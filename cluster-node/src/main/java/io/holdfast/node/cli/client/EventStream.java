package io.holdfast.node.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Server-sent events, one after the other. Confined to its reader's thread; closing ends a waiting read.
public final class EventStream implements AutoCloseable {
    private static final int EVENT_CHARACTERS_MAX = 8 * 1024 * 1024;

    private final InputStream stream;
    private final BufferedReader reader;

    /// One event.
    ///
    /// @param id the position to resume at; empty if it carries none
    public record Event(String id, String type, String text) {}

    public EventStream(InputStream stream) {
        this.stream = stream;
        this.reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /// The next event, or nothing at the stream's end.
    public Optional<Event> next() throws IOException {
        String id = "";
        String type = "message";
        StringBuilder text = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.isEmpty() && !text.isEmpty()) {
                return Optional.of(new Event(id, type, text.substring(0, text.length() - 1)));
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "id" -> id = value;
                case "event" -> type = value;
                case "data" -> text.append(value).append('\n');
                default -> {
                    // A comment (which keeps the connection alive) or a field that we have no use for.
                }
            }
            if (text.length() > EVENT_CHARACTERS_MAX) {
                throw new IOException("an event is larger than any of ours: characters=" + text.length());
            }
        }
        return Optional.empty();
    }

    /// Closes what the reader reads from, not the reader, which a waiting read holds locked.
    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException alreadyLost) {
            // There is nothing left to give back.
        }
    }
}
