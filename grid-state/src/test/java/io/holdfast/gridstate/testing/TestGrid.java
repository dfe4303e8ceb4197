package io.holdfast.gridstate.testing;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.change.ChangeLog;
import io.holdfast.gridstate.hazelcast.Grid;
import io.holdfast.gridstate.hazelcast.GridSettings;
import io.holdfast.gridstate.hazelcast.entry.GridSchema;
import io.holdfast.gridstate.hazelcast.publish.AuditReport;
import io.holdfast.gridstate.hazelcast.security.GridTls;
import io.holdfast.gridstate.hazelcast.served.ServedGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Real members over a test ledger, in one process. A member can be closed and opened again; members can be
/// made to refuse each other, which splits the grid. Confined to the test's thread.
public final class TestGrid implements AutoCloseable {
    private final TestAuthority authority = new TestAuthority("test grid");
    private final TestLedger ledger;
    private final GridSchema schema;
    private final List<Integer> ports;
    private final int partitionCount;
    private final List<Set<String>> admitted = new ArrayList<>();
    private final List<@Nullable ServedGrid> members = new ArrayList<>();

    public TestGrid(int memberCount, GridSchema schema, TestLedger ledger, int partitionCount) {
        this.schema = schema;
        this.ledger = ledger;
        this.partitionCount = partitionCount;
        this.ports = FreePorts.find(memberCount);
        for (int i = 0; i < memberCount; i++) {
            Set<String> names = ConcurrentHashMap.newKeySet();
            IntStream.range(0, memberCount).forEach(other -> names.add(name(other)));
            admitted.add(names);
            members.add(null);
        }
    }

    /// Three members over the small catalogs; the first leads.
    public static TestGrid ofThree() {
        List<Catalog<?, ?>> catalogs = TestCatalogs.ALL;
        ChangeLog.Bounds bounds = new ChangeLog.Bounds(100_000, 64L << 20);
        TestGrid grid = new TestGrid(
                3, TestCatalogs.schema(), new TestLedger(3, catalogs, new TextCodec(), bounds), 11);
        grid.openAll();
        return grid;
    }

    public TestLedger ledger() {
        return ledger;
    }

    public ServedGrid member(int number) {
        ServedGrid member = members.get(number);
        if (member == null) {
            throw new IllegalStateException("the member is closed: number=" + number);
        }
        return member;
    }

    public void openAll() {
        for (int i = 0; i < members.size(); i++) {
            open(i);
        }
        Await.until("all members see each other", () -> sees(members.size()));
    }

    public void open(int number) {
        List<String> all = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        GridSettings settings = new GridSettings(
                "test",
                name(number),
                "127.0.0.1",
                ports.get(number),
                all,
                partitionCount,
                1_000,
                4_000,
                1_000);
        GridTls tls = new GridTls(authority.node(name(number)), authority.trust());
        TestLedger.Peer peer = ledger.peer(number);
        ServedGrid served = ServedGrid.start(
                Grid.open(settings, tls, admitted.get(number)::contains, schema), peer, System::nanoTime);
        peer.onApplied(served::onApplied);
        members.set(number, served);
    }

    public void close(int number) {
        member(number).close();
        members.set(number, null);
    }

    /// Members that are lost at the same moment: the others drop all of them before any could hand over what
    /// it holds.
    public void loseTogether(int... numbers) {
        Set<String> lost = IntStream.of(numbers).mapToObj(TestGrid::name).collect(Collectors.toSet());
        List<Integer> left = IntStream.range(0, members.size())
                .filter(number -> !lost.contains(name(number)))
                .boxed()
                .toList();
        left.forEach(number -> admitted.get(number).removeAll(lost));
        left.forEach(number -> member(number).grid().enforceAdmission());
        IntStream.of(numbers).forEach(this::close);
        Await.until("only the others are left", () -> sees(left.size()));
        left.forEach(number -> admitted.get(number).addAll(lost));
    }

    /// The member and the others cut each other off, at once, and the ledger's peers too.
    public void isolate(int number) {
        ledger.cut(number);
        for (int other = 0; other < members.size(); other++) {
            if (other != number) {
                admitted.get(other).remove(name(number));
                admitted.get(number).remove(name(other));
            }
        }
        for (int other = 0; other < members.size(); other++) {
            member(other).grid().enforceAdmission();
        }
    }

    public void heal() {
        for (Set<String> names : admitted) {
            IntStream.range(0, members.size()).forEach(other -> names.add(name(other)));
        }
        ledger.heal();
    }

    /// Whether every open member sees so many.
    public boolean sees(int count) {
        return members.stream()
                .allMatch(member -> member == null || member.grid().members().size() == count);
    }

    /// Waits until the leader has published all of its store and has nothing left to mend.
    public void awaitSettled() {
        ServedGrid leader = member(ledger.leader());
        Await.until("the leader has published everything", () ->
                leader.status().publisher().position().index() >= ledger.committed().value());
        Await.until("the leader has compared everything", () ->
                leader.status().repair().partitionsWaiting() == 0 && !leader.status().repair().comparing());
    }

    /// What a comparison by the leader's own member finds.
    public AuditReport audit() throws InterruptedException {
        int leader = ledger.leader();
        return member(leader).audit().compare(ledger.peer(leader).store());
    }

    private static String name(int number) {
        return "n" + (number + 1);
    }

    @Override
    public void close() {
        for (ServedGrid member : members) {
            if (member != null) {
                member.close();
            }
        }
    }
}
