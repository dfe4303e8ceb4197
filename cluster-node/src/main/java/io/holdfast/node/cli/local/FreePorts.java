package io.holdfast.node.cli.local;

import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Finds a range of ports that nobody listens on.
final class FreePorts {
    static final String VARIABLE = "HOLDFAST_PORT";
    static final int FIRST = 7600;
    static final int PER_NODE = 10;

    /// Above this the kernel hands out ports to outgoing connections, so a range could be taken any time.
    private static final int LAST = 32_000;

    private static final int LOWEST = 1_024;

    private static final int STEP = 100;

    private final IntPredicate isFree;
    private final int first;

    FreePorts(IntPredicate isFree, int first) {
        this.isFree = isFree;
        this.first = first;
    }

    /// Looks from where the environment says, or from the usual place on.
    static FreePorts ofThisHost() throws CliException {
        return new FreePorts(FreePorts::canListen, firstOf(System.getenv(VARIABLE)));
    }

    static int firstOf(@Nullable String asked) throws CliException {
        if (asked == null || asked.isEmpty()) {
            return FIRST;
        }
        try {
            int first = Integer.parseInt(asked);
            if (first >= LOWEST && first <= LAST) {
                return first;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, like a number out of range.
        }
        throw new CliException(
                ExitCode.USAGE, VARIABLE + " is not a port: " + asked, "a number, " + LOWEST + " to " + LAST);
    }

    /// The first port of a free range of ten for each node.
    int rangeFor(int nodeCount) throws CliException {
        int length = nodeCount * PER_NODE;
        for (int port = first; port + length <= LAST; port += STEP) {
            if (isRangeFree(port, length)) {
                return port;
            }
        }
        throw new CliException(
                ExitCode.FAILED,
                "no free range of ports: first=" + first + " last=" + LAST + " length=" + length,
                "stop another cluster on this machine: holdfast down --dir DIR");
    }

    boolean isRangeFree(int from, int length) {
        for (int port = from; port < from + length; port++) {
            if (!isFree.test(port)) {
                return false;
            }
        }
        return true;
    }

    private static boolean canListen(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // A port whose last connection is still being forgotten by the kernel is free for a node too.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
