package io.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.gridstate.audit.AuditCatalogs;
import io.holdfast.gridstate.audit.RefusedCall;
import io.holdfast.gridstate.audit.RefusalEntry;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.node.http.auth.RefusalLog;
import io.holdfast.node.testing.Await;
import io.holdfast.node.testing.MemoryLedger;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RefusalReportsTest {
    private final MemoryLedger ledger = new MemoryLedger(InstantSource.system(), 1);
    private final RefusalLog refusals = new RefusalLog(System::nanoTime);
    private final RefusalReports reports = new RefusalReports("node-1", refusals, ledger.commands());

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void whatWasRefusedComesIntoTheLedgerOnceWithItsCount() throws Exception {
        long before = ledger.log().store().appliedIndex().value();
        reports.step();
        assertEquals(before, ledger.log().store().appliedIndex().value(), "nothing is reported of nothing");
        refuse("192.0.2.7", "GET /v1/users", 3);
        refuse("192.0.2.8", "GET /v1/users", 1);
        reports.step();
        Await.until("a report", () -> entries().size() == 2);
        RefusalEntry older = entries().getLast();
        assertEquals("node-1", older.node());
        assertEquals(
                new RefusedCall("192.0.2.7", "ada", "GET /v1/users", "forbidden", "r", 3), older.refused());
    }

    @Test
    void aFloodIsAFewRecordsAndNothingIsUncounted() throws Exception {
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            refuse("192.0.2.7", "GET /v1/" + i, 1);
        }
        Await.until("all is told", () -> {
            reports.step();
            return counted() == count;
        });
        assertTrue(entries().size() <= 70, "records=" + entries().size());
    }

    @Test
    void whatACallerWritesFitsARecord() throws Exception {
        refuse("192.0.2.7", "GET /\u0007\u0085\ud800" + "x".repeat(1_000), 1);
        refuse("", "", 1);
        reports.step();
        Await.until("a report", () -> entries().size() == 2);
        // Neither half of a character may be left at the cut.
        String halved = "x".repeat(RefusedCall.CALL_CHARS_MAX - 1) + "\ud83d\ude00";
        refuse("192.0.2.7", halved, 1);
        assertEquals(halved.substring(0, RefusedCall.CALL_CHARS_MAX - 1), refusals.take(1).getFirst().call());
        assertTrue(entries().getLast().refused().call().startsWith("GET /???xxx"), entries().toString());
        assertEquals(RefusedCall.CALL_CHARS_MAX, entries().getLast().refused().call().length());
        assertEquals("-", entries().getFirst().refused().call());
    }

    @Test
    void aReportThatFailsAtOnceIsToldLater() throws Exception {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        RefusalReports failing = new RefusalReports("node-1", refusals, ledger.commands(() -> {
            if (isBroken.get()) {
                throw new IllegalStateException("injected: no clock");
            }
            return System.nanoTime();
        }));
        refuse("192.0.2.7", "GET /v1/users", 2);
        assertThrows(IllegalStateException.class, failing::step);
        isBroken.set(false);
        failing.step();
        Await.until("a report", () -> counted() == 2);
    }

    @Test
    void whatIsPutBackIsCountedWithWhatCameSince() {
        refuse("192.0.2.7", "GET /v1/users", 2);
        List<RefusedCall> untold = refusals.take(10);
        refuse("192.0.2.7", "GET /v1/users", 1);
        refusals.putBack(untold);
        assertEquals(List.of(3L), refusals.take(10).stream().map(RefusedCall::count).toList());
        assertEquals(List.of(), refusals.take(10));
    }

    private void refuse(String address, String call, int count) {
        for (int i = 0; i < count; i++) {
            refusals.refused(RefusalLog.Reason.FORBIDDEN, address, address.isEmpty() ? "" : "ada", call, "r");
        }
    }

    private long counted() {
        return entries().stream().mapToLong(entry -> entry.refused().count()).sum();
    }

    private List<RefusalEntry> entries() {
        return ledger.access("node-1").reader()
                .page(AuditCatalogs.REFUSALS, Page.Request.first(200)).entries().stream()
                .map(row -> row.value())
                .toList();
    }
}
