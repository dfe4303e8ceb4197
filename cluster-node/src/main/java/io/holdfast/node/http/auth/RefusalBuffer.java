package io.holdfast.node.http.auth;

import io.holdfast.gridstate.audit.RefusedCall;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Refused calls that the ledger has yet to hear of. Alike ones are one with a count; beyond a bound of
/// different ones the rest of each reason is one, too. Concurrent: guarded by its own lock.
final class RefusalBuffer {
    /// Different ones that are kept.
    static final int KINDS_MAX = 64;

    /// What stands for those beyond the bound.
    static final String OTHERS = "(others)";

    private static final String UNKNOWN = "-";

    private final Map<Kind, RefusedCall> waiting = new LinkedHashMap<>();

    private record Kind(String address, String caller, String call, String reason) {
        static Kind of(RefusedCall refused) {
            return new Kind(refused.address(), refused.caller(), refused.call(), refused.reason());
        }
    }

    /// Takes one or several alike.
    synchronized void add(RefusedCall refused) {
        RefusedCall known = waiting.get(Kind.of(refused));
        boolean isRoomy = known != null || waiting.size() < KINDS_MAX;
        RefusedCall kept = isRoomy ? refused : new RefusedCall(
                UNKNOWN, UNKNOWN, OTHERS, refused.reason(), refused.requestId(), refused.count());
        waiting.merge(Kind.of(kept), kept, (before, more) -> new RefusedCall(
                more.address(), more.caller(), more.call(), more.reason(), more.requestId(),
                before.count() + more.count()));
    }

    /// Gives up to so many, the oldest first.
    synchronized List<RefusedCall> take(int countMax) {
        List<RefusedCall> taken = new ArrayList<>();
        Iterator<RefusedCall> all = waiting.values().iterator();
        while (all.hasNext() && taken.size() < countMax) {
            taken.add(all.next());
            all.remove();
        }
        return taken;
    }
}
