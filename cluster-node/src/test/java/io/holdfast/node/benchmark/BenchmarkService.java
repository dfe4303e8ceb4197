package io.holdfast.node.benchmark;

import io.holdfast.hostio.process.Executables;
import io.holdfast.hostio.testing.HostRoot;
import io.holdfast.hostio.testing.HostTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An HTTP service to start and restore, with what this machine has: its `/usr` is mounted into the root. It
/// answers `/` with the name its container has by now; `/hold` begins the answer at once and ends it only
/// after a minute, so that it keeps its instance busy. The one in Java is a Vert.x server, with the
/// libraries that this program has itself; the one in JavaScript an Express server with a few packages that
/// such services have, which npm fetches.
///
/// @param coldRatioMin how many times faster than a cold start a restore has to be; 0 for no bar
record BenchmarkService(String name, HostRoot root, List<String> command, double coldRatioMin) {
    static final int PORT = 8080;
    private static final String IDENTITY = "/run/holdfast/identity.json";

    private static final String JAVA =
            """
            import io.vertx.core.Vertx;
            import io.vertx.core.http.*;
            import java.nio.file.*;
            public class Service {
                static byte[][] state = new byte[32][];
                public static void main(String[] words) throws Exception {
                    var random = new java.util.Random(1);
                    for (int i = 0; i < state.length; i++) random.nextBytes(state[i] = new byte[1 << 20]);
                    Path identity = Path.of("IDENTITY");
                    Vertx vertx = Vertx.vertx();
                    vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(1024))
                            .requestHandler(request -> {
                                HttpServerResponse response = request.response().setChunked(true);
                                try {
                                    response.write(Files.exists(identity) ? Files.readString(identity) : "-");
                                } catch (java.io.IOException gone) {
                                    response.write("-");
                                }
                                boolean holds = request.path().startsWith("/hold");
                                if (holds) vertx.setTimer(60_000, _ -> response.end()); else response.end();
                            })
                            .listen(8080, "0.0.0.0");
                }
            }
            """;

    private static final String NODE =
            """
            const express = require('express'), fs = require('fs'), crypto = require('crypto');
            const [_, axios, Ajv, pg, Redis] = ['lodash', 'axios', 'ajv', 'pg', 'ioredis'].map(require);
            const valid = new Ajv().compile({ type: 'object', properties: { path: { type: 'string' } } });
            const state = []; for (let i = 0; i < 24; i++) state.push(crypto.randomBytes(1 << 20));
            const app = express();
            app.get(/.*/, (request, response) => {
                if (!valid(_.pick(request, 'path'))) throw new Error('no path');
                let body = '-'; try { body = fs.readFileSync('IDENTITY'); } catch (none) {}
                response.writeHead(200); response.write(body);
                setTimeout(() => response.end(), request.url.startsWith('/hold') ? 60000 : 0);
            });
            app.listen(8080, '0.0.0.0', 1024);
            """;

    /// What the service in JavaScript uses, with what these use.
    private static final List<String> NODE_PACKAGES = List.of(
            "express@5.1.0", "lodash@4.17.21", "axios@1.9.0", "ajv@8.17.1", "pg@8.16.0", "ioredis@5.6.1");

    private static final String PYTHON =
            """
            import http.server, json, ssl, decimal, email, asyncio, os, time
            state = [os.urandom(1 << 20) for i in range(8)]
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    body = open('IDENTITY', 'rb').read() if os.path.exists('IDENTITY') else b'-'
                    self.send_response(200); self.end_headers(); self.wfile.write(body); self.wfile.flush()
                    if self.path.startswith('/hold'): time.sleep(60)
                def log_message(self, *args): pass
            class S(http.server.ThreadingHTTPServer): request_queue_size = 1024
            S(('0.0.0.0', 8080), H).serve_forever()
            """;

    /// Those whose interpreters this machine has.
    ///
    /// @param folder a new one, at the same place for every node
    static List<BenchmarkService> all(Path folder) throws IOException, InterruptedException {
        HostRoot root = HostRoot.create(folder)
                .with("Service.java", JAVA.replace("IDENTITY", IDENTITY))
                .with("service.js", NODE.replace("IDENTITY", IDENTITY))
                .with("service.py", PYTHON.replace("IDENTITY", IDENTITY));
        Path java = Path.of(System.getProperty("java.home"));
        Path libraries = Files.createDirectories(folder.resolve("app/lib"));
        for (String jar : System.getProperty("java.class.path").split(":", -1)) {
            Path library = Path.of(jar);
            if (library.getFileName().toString().matches("(vertx-core|netty|jackson-core).*\\.jar")) {
                Files.copy(library, libraries.resolve(library.getFileName()));
            }
        }
        String _ = HostTool.output(java.resolve("bin/javac").toString(), "-cp", libraries + "/*",
                folder.resolve("app/Service.java").toString());
        boolean hasPackages = Executables.find("npm").isPresent();
        if (hasPackages) {
            List<String> install = new ArrayList<>(List.of(
                    "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix",
                    folder.resolve("app").toString()));
            install.addAll(NODE_PACKAGES);
            String _ = HostTool.output(install.toArray(String[]::new));
        }
        return List.of(
                        new BenchmarkService("java", root, List.of(
                                java.resolve("bin/java").toString(), "-XX:+UseSerialGC", "-XX:-UsePerfData",
                                "-Xmx256m", "-cp", "/app:/app/lib/*", "Service"),
                                6),
                        new BenchmarkService("node", root, List.of("/usr/bin/node", "/app/service.js"), 5),
                        new BenchmarkService(
                                "python", root, List.of("/usr/bin/python3", "/app/service.py"), 0))
                .stream()
                .filter(service -> Files.isExecutable(Path.of(service.command().getFirst())))
                .filter(service -> hasPackages || !service.name().equals("node"))
                .toList();
    }
}
