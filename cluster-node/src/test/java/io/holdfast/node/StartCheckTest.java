package io.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.consensus.PeerId;
import io.holdfast.consensus.UnavailableException;
import io.holdfast.node.bootstrap.KnownPeers;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCheckTest {
    private static final List<String> NODES = List.of("a", "b", "c");

    private final Random random = new Random(20_261_122);
    private final Map<String, StartCheck> running = new HashMap<>();
    private final Set<String> silent = new HashSet<>();

    @TempDir
    Path folder;

    @BeforeEach
    void makeDirectories() throws IOException {
        for (String node : NODES) {
            Files.createDirectories(folder.resolve(node));
            new KnownPeers("ab".repeat(16), NODES.stream()
                    .map(name -> new KnownPeers.KnownNode(name, "h:1", "h:2", "h:3", "h:4", true))
                    .toList()).write(folder.resolve(node));
        }
    }

    private void start(String node) throws IOException {
        running.remove(node);
        StartCheck check = StartCheck.begin(node, folder.resolve(node), random,
                (peer, call, argument, patience) -> call(node, peer, call, argument));
        check.confirm();
        running.put(node, check);
    }

    private CompletableFuture<byte[]> call(String from, PeerId to, PeerCall call, byte[] argument) {
        assertEquals(PeerCall.STARTED, call);
        StartCheck other = running.get(to.value());
        return other == null || silent.contains(to.value())
                ? CompletableFuture.failedFuture(new UnavailableException("not there: " + to))
                : CompletableFuture.completedFuture(other.answer(new PeerId(from), argument));
    }

    private Optional<String> step(String node) {
        Set<String> others = new HashSet<>(NODES);
        others.remove(node);
        return running.get(node).step(others);
    }

    private void copy(String from, String to) throws IOException {
        Files.createDirectories(folder.resolve(to));
        try (Stream<Path> files = Files.list(folder.resolve(to))) {
            files.forEach(StartCheckTest::delete);
        }
        try (Stream<Path> files = Files.list(folder.resolve(from))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(to).resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void nodesStartAgainAndAgain() throws IOException {
        for (int round = 0; round < 5; round++) {
            for (String node : NODES) {
                start(node);
            }
            for (String node : NODES) {
                assertEquals(Optional.empty(), step(node));
            }
        }
    }

    @Test
    void directoryThatWentBackIsRefusedHoweverOftenItIsTried() throws IOException {
        start("a");
        start("b");
        copy("b", "b-before");
        start("b");
        copy("b-before", "b");
        for (int attempt = 0; attempt < 4; attempt++) {
            IOException refused = assertThrows(IOException.class, () -> start("b"));
            assertTrue(refused.getMessage().contains("data directory is older than what a remembers"),
                    refused.getMessage());
            assertTrue(refused.getMessage().contains("evict the node"), refused.getMessage());
        }
    }

    @Test
    void whatIsRememberedOutlivesAStartOfTheWitness() throws IOException {
        start("a");
        start("b");
        copy("b", "b-before");
        start("b");
        start("a");
        copy("b-before", "b");
        assertThrows(IOException.class, () -> start("b"));
    }

    @Test
    void damagedFilesAreSaid() throws IOException {
        start("a");
        start("b");
        for (String file : List.of("node.starts", "peers.start")) {
            Path damaged = folder.resolve("a").resolve(file);
            byte[] bytes = Files.readAllBytes(damaged);
            bytes[bytes.length - 2] ^= 1;
            Files.write(damaged, bytes);
            IOException refused = assertThrows(IOException.class, () -> start("a"));
            assertTrue(refused.getMessage().contains(file), refused.getMessage());
            Files.delete(damaged);
        }
    }

    @Test
    void whoAnswersLaterStopsTheNodeThen() throws IOException {
        start("a");
        start("b");
        copy("b", "b-before");
        start("b");
        copy("b-before", "b");
        silent.add("a");
        start("b");
        assertEquals(Optional.empty(), step("b"));
        silent.clear();
        Optional<String> told = step("b").or(() -> step("b"));
        assertTrue(told.orElse("nothing").contains("older than what a remembers"), told.toString());
        assertEquals(Optional.empty(), step("b"), "it is told once");
    }

    @Test
    void emptyDirectoryUnderTheSameNameIsNew() throws IOException {
        start("a");
        start("b");
        start("b");
        copy("c", "b");
        start("b");
        assertEquals(Optional.empty(), step("b"));
    }

    @Test
    void startThatEndedBeforeItWasConfirmedIsKnownNextTime() throws IOException {
        start("a");
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThrows(IllegalStateException.class, () -> StartCheck.begin("b", folder.resolve("b"), random,
                    (peer, call, argument, patience) -> {
                        var _ = call("b", peer, call, argument);
                        throw new IllegalStateException("the process ends here");
                    }));
        }
        start("b");
        assertEquals(Optional.empty(), step("b"));
    }

    @Test
    void whatIsNotAStartIsRefused() throws IOException {
        start("a");
        for (String text : List.of("", "one line", "d 1 x", "d x y\nd 0 none", "d 1 x y\nd 0 none",
                "d -1 x\nd 0 none")) {
            assertThrows(PeerRefusedException.class, () ->
                    running.get("a").answer(new PeerId("b"), text.getBytes(StandardCharsets.UTF_8)), text);
        }
    }

    @Test
    void peersThatKnowNoSuchQuestionHoldNothingUp() throws IOException {
        StartCheck check = StartCheck.begin("a", folder.resolve("a"), random,
                (_, _, _, _) -> CompletableFuture.failedFuture(new PeerRefusedException("unknown call")));
        check.confirm();
        assertEquals(Optional.empty(), check.step(Set.of("b", "c")));
    }
}
