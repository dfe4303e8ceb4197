package io.holdfast.node.image;

import io.holdfast.consensus.ConsensusException;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.gridstate.command.GridCommand;
import io.holdfast.gridstate.command.OperationCommand;
import io.holdfast.gridstate.operation.OperationCatalogs;
import io.holdfast.gridstate.operation.OperationEntry;
import io.holdfast.gridstate.operation.OperationState;
import io.holdfast.gridstate.rule.GridReply;
import io.holdfast.hostio.image.ImageException;
import io.holdfast.hostio.image.ImageReference;
import io.holdfast.hostio.image.ImageSource;
import io.holdfast.hostio.image.ImageSources;
import io.holdfast.hostio.image.ImageStore;
import io.holdfast.hostio.image.OciImage;
import io.holdfast.node.blob.ClusterBlobs;
import io.holdfast.node.http.port.ImageDesk;
import io.holdfast.node.ledger.LedgerAccess;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The imports that this node does, each an operation of the ledger: it reports how far it is, can be
/// cancelled, and fails if the node stops meanwhile. Concurrent; a few go on at once, others wait.
public final class ImageImports implements ImageDesk, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImageImports.class);
    private static final int AT_ONCE_MAX = 2;
    private static final int ACTIVE_MAX = 32;
    private static final long REPORT_MILLIS = 1_000;
    /// So long one of this node may be known to the ledger and not yet begun.
    private static final long BEGIN_WITHIN_MILLIS = 60_000;
    private static final int TEXT_CHARS_MAX = 512;

    private final String node;
    private final LedgerAccess ledger;
    private final ImageStore store;
    private final ImageImporter importer;
    private final InstantSource clock;
    private final long openedMillis;
    private final Map<String, Thread> active = new ConcurrentHashMap<>();
    private final Semaphore turns = new Semaphore(AT_ONCE_MAX, true);
    private final LongAdder bytes = new LongAdder();

    /// Makes the desk.
    ///
    /// @param store reads images of this machine's platform
    public ImageImports(
            String node, LedgerAccess ledger, ImageStore store, ClusterImages images, ClusterBlobs blobs,
            InstantSource clock) {
        this.node = node;
        this.ledger = ledger;
        this.store = store;
        this.importer = new ImageImporter(ledger, images, blobs);
        this.clock = clock;
        this.openedMillis = clock.millis();
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public void begin(Order order) {
        if (active.containsKey(order.operation())) {
            return;
        }
        if (active.size() >= ACTIVE_MAX) {
            end(new OperationCommand.Fail(
                    order.operation(), node, "too-many", "this node imports enough images: max="
                            + ACTIVE_MAX));
            return;
        }
        Thread thread = Thread.ofVirtual().name("image-import").unstarted(() -> run(order));
        if (active.putIfAbsent(order.operation(), thread) == null) {
            thread.start();
        }
    }

    private void run(Order order) {
        try {
            turns.acquire();
            try {
                if (isToDo(order)) {
                    end(outcomeOf(order));
                }
            } finally {
                turns.release();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (ConsensusException behind) {
            // The ledger has it as running: it is ended as one that was left.
            LOG.warn("an import was not begun: operation={} reason={}", order.operation(),
                    behind.getMessage());
        } finally {
            active.remove(order.operation());
        }
    }

    /// A repeated call may be about another node's import, or about one that is over.
    private boolean isToDo(Order order) {
        ledger.awaitApplied(order.index());
        return find(order.operation())
                .filter(known -> known.owner().equals(node) && !known.state().isOver())
                .isPresent();
    }

    private GridCommand outcomeOf(Order order) {
        String id = order.operation();
        try (ImageSource source = ImageSources.open(ImageReference.parse(order.reference()))) {
            OciImage image = store.read(source);
            return switch (importer.run(order, source, image, new Report(id))) {
                case GridReply.Accepted _ -> {
                    LOG.info("imported: image={} from={} manifest={}", order.name(), order.reference(),
                            image.manifest().digest());
                    yield new OperationCommand.Succeed(id, node, order.name());
                }
                case GridReply.Refused refused -> new OperationCommand.Fail(
                        id, node, refused.code().problemCode(), cut(refused.message()));
            };
        } catch (CancelledException cancelled) {
            return new OperationCommand.ConfirmCancelled(id, node);
        } catch (ImageException refused) {
            String code = refused.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return new OperationCommand.Fail(id, node, code, cut(refused.getMessage()));
        } catch (IOException | ConsensusException unavailable) {
            return new OperationCommand.Fail(id, node, "unavailable", cut(unavailable.getMessage()));
        } catch (RuntimeException unexpected) {
            LOG.error("an import failed unexpectedly: operation={}", id, unexpected);
            return new OperationCommand.Fail(id, node, "internal", cut(unexpected.getMessage()));
        }
    }

    private static String cut(@org.jspecify.annotations.Nullable String text) {
        String plain = String.valueOf(text).replaceAll("\\p{Cntrl}", " ");
        return plain.length() <= TEXT_CHARS_MAX ? plain : plain.substring(0, TEXT_CHARS_MAX);
    }

    private void end(GridCommand command) {
        try {
            if (ledger.submit(command) instanceof GridReply.Refused refused) {
                LOG.info("an import's end was refused: command={} reason={}", command, refused.message());
            }
        } catch (ConsensusException unknown) {
            LOG.warn("an import's end is not known to the ledger: command={} reason={}", command,
                    unknown.getMessage());
        }
    }

    private Optional<OperationEntry> find(String operation) {
        return ledger.reader().get(OperationCatalogs.OPERATIONS, operation).map(Versioned::value);
    }

    /// Ends what stands in the ledger as running here and is not: what this node had begun before it was
    /// started again, and what it never heard that it was to begin.
    public void endLeft() {
        long begunBefore = clock.millis() - BEGIN_WITHIN_MILLIS;
        List<String> left = new ArrayList<>();
        new ClusterRecords(ledger.reader()).each(OperationCatalogs.OPERATIONS, operation -> {
            OperationEntry entry = operation.value();
            boolean isLeft = entry.kind().equals(KIND) && entry.owner().equals(node)
                    && !entry.state().isOver()
                    && (entry.startedMillis() < openedMillis || entry.startedMillis() < begunBefore);
            if (isLeft && !active.containsKey(operation.key())) {
                left.add(operation.key());
            }
        });
        for (String each : left) {
            end(new OperationCommand.Fail(each, node, "interrupted", "the node stopped meanwhile"));
        }
    }

    /// The bytes that imports have read or found there so far.
    public long bytes() {
        return bytes.sum();
    }

    @Override
    public void close() {
        active.values().forEach(Thread::interrupt);
    }

    /// Tells the ledger, once a second at most. Confined to its import.
    private final class Report implements ImageImporter.Watcher {
        private final String operation;
        private long total = 1;
        private long done;
        private long toldMillis = clock.millis();

        Report(String operation) {
            this.operation = operation;
        }

        @Override
        public void begin(long totalBytes) {
            total = Math.max(1, totalBytes);
        }

        @Override
        public void moved(long moved) throws IOException {
            done = Math.min(total, done + moved);
            bytes.add(moved);
            long now = clock.millis();
            if (now - toldMillis < REPORT_MILLIS) {
                return;
            }
            toldMillis = now;
            if (find(operation).filter(entry -> entry.state() instanceof OperationState.Cancelling)
                    .isPresent()) {
                throw new CancelledException();
            }
            var _ = ledger.submit(new OperationCommand.Report(
                    operation, node, (int) (done * 1_000 / total), done + " of " + total + " bytes"));
        }
    }

    /// Somebody asked for the end.
    private static final class CancelledException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
