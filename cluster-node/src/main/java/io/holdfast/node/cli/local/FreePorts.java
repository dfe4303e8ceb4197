package io.holdfast.node.cli.local;

import io.holdfast.node.cli.output.CliException;
import io.holdfast.node.cli.output.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.IntPredicate;

/// Finds a range of ports that nobody listens on.
final class FreePorts {
    static final int FIRST = 7600;
    static final int PER_NODE = 10;

    /// Above this the kernel hands out ports to outgoing connections, so a range could be taken any time.
    private static final int LAST = 32_000;

    private static final int STEP = 100;

    private final IntPredicate isFree;

    FreePorts(IntPredicate isFree) {
        this.isFree = isFree;
    }

    static FreePorts ofThisHost() {
        return new FreePorts(FreePorts::canListen);
    }

    /// The first port of a free range of ten for each node.
    int rangeFor(int nodeCount) throws CliException {
        int length = nodeCount * PER_NODE;
        for (int first = FIRST; first + length <= LAST; first += STEP) {
            if (isRangeFree(first, length)) {
                return first;
            }
        }
        throw new CliException(
                ExitCode.FAILED,
                "no free range of ports: first=" + FIRST + " last=" + LAST + " length=" + length,
                "stop another cluster on this machine: holdfast down --dir DIR");
    }

    boolean isRangeFree(int first, int length) {
        for (int port = first; port < first + length; port++) {
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
