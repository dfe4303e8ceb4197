package io.holdfast.node.cli.tour;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A root file system with a service in it that counts its requests in memory. Made of this host: its `/usr`
/// and its JDK are shown to the application, read-only.
///
/// @param folder the root
/// @param javaHome the JDK that runs the service
public record CounterRoot(Path folder, Path javaHome) {
    static final int PORT = 8080;

    private static final String SOURCE = """
            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;

            void main() throws Exception {
                var count = new java.util.concurrent.atomic.AtomicInteger();
                var server = HttpServer.create(new InetSocketAddress(8080), 64);
                server.createContext("/", exchange -> {
                    byte[] body = ("{\\"count\\":" + count.incrementAndGet() + "}").getBytes();
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
                server.start();
            }
            """;

    /// Makes it in a new folder.
    public static CounterRoot create(Path folder) throws IOException {
        for (String name : List.of("etc", "tmp", "run", "proc", "sys", "dev", "app", "jdk", "usr")) {
            Files.createDirectories(folder.resolve(name));
        }
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            Files.createSymbolicLink(folder.resolve(name), Path.of("usr", name));
        }
        Files.writeString(folder.resolve("app/Counter.java"), SOURCE);
        return new CounterRoot(folder, Path.of(System.getProperty("java.home")).toRealPath());
    }

    /// The application, as the API takes it.
    public ObjectNode specification() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("rootfs", folder.toString()).put("port", PORT);
        ArrayNode command = body.putArray("command");
        List.of("/jdk/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx64m",
                        "/app/Counter.java")
                .forEach(command::add);
        ArrayNode mounts = body.putArray("mounts");
        addMount(mounts, Path.of("/usr"), "/usr");
        addMount(mounts, javaHome, "/jdk");
        return body;
    }

    private static void addMount(ArrayNode mounts, Path source, String target) {
        mounts.addObject()
                .put("kind", "folder")
                .put("source", source.toString())
                .put("target", target)
                .put("readOnly", true);
    }
}
