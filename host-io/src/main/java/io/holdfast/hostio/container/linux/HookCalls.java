package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerId;
import io.holdfast.hostio.container.LifecycleHooks.CallHttp;
import io.holdfast.hostio.container.LifecycleHooks.Hook;
import io.holdfast.hostio.container.LifecycleHooks.SendSignal;
import io.holdfast.hostio.process.ProcessRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Tells a container's processes what its specification wants them to be told.
///
/// @param told those that get signals: its first process, or those of its members, as this machine numbers
///     them
record HookCalls(ContainerId id, List<Long> told, InetAddress address) {
    private static final int STATUS_BYTES = 12;

    /// Runs them in order.
    ///
    /// @throws IOException naming the first hook that failed
    void run(List<Hook> hooks) throws IOException, InterruptedException {
        for (Hook hook : hooks) {
            switch (hook) {
                case SendSignal(int number) -> {
                    for (long pid : told) {
                        ProcessRun.of("kill", "-" + number, Long.toString(pid)).run().orThrow();
                    }
                }
                case CallHttp call -> post(call);
            }
        }
    }

    private void post(CallHttp call) throws IOException {
        int millis = (int) call.deadline().toMillis();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, call.port()), millis);
            socket.setSoTimeout(millis);
            String request = "POST " + call.path() + " HTTP/1.1\r\nHost: " + id
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes(STATUS_BYTES), StandardCharsets.US_ASCII);
            if (!status.matches("HTTP/1\\.[01] 2\\d\\d")) {
                throw new IOException("a hook was answered with something else than success: container=" + id
                        + " path=" + call.path() + " status=" + status);
            }
        }
    }
}
