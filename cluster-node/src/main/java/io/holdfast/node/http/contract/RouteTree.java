package io.holdfast.node.http.contract;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Finds the operation that a path belongs to, segment by segment; a fixed segment goes before a variable
/// (RFC 6570, 2.3). Immutable once built.
public final class RouteTree {
    private final Node root = new Node();

    /// What was found.
    public sealed interface Match {
        /// An operation and the values of its variables.
        record Found(ApiOperation operation, Map<String, String> values) implements Match {}

        /// The path exists, but not with this method.
        record OtherMethod(Set<String> allowed) implements Match {}

        /// There is no such path.
        record Nothing() implements Match {}
    }

    /// A place in the tree.
    private static final class Node {
        final Map<String, Node> fixed = new HashMap<>();
        final Map<String, ApiOperation> operations = new TreeMap<>();
        @Nullable Node variable;
        String variableName = "";
    }

    RouteTree(List<ApiOperation> operations) {
        operations.forEach(this::add);
    }

    /// Matches percent-decoded segments.
    Match match(String method, List<String> segments) {
        Map<String, String> values = new LinkedHashMap<>();
        Node end = find(root, segments, 0, values);
        if (end == null) {
            return new Match.Nothing();
        }
        ApiOperation operation = end.operations.get(method);
        return operation == null
                ? new Match.OtherMethod(end.operations.keySet())
                : new Match.Found(operation, values);
    }

    private void add(ApiOperation operation) {
        Node node = root;
        for (String segment : List.of(operation.template().substring(1).split("/", -1))) {
            if (segment.startsWith("{") && segment.endsWith("}")) {
                String name = segment.substring(1, segment.length() - 1);
                Node next = node.variable == null ? new Node() : node.variable;
                if (node.variable != null && !node.variableName.equals(name)) {
                    throw new IllegalStateException(
                            "two names for one variable: template="
                                    + operation.template()
                                    + " other="
                                    + node.variableName);
                }
                node.variable = next;
                node.variableName = name;
                node = next;
            } else {
                node = node.fixed.computeIfAbsent(segment, _ -> new Node());
            }
        }
        node.operations.put(operation.method(), operation);
    }

    private static @Nullable Node find(
            Node node, List<String> segments, int at, Map<String, String> values) {
        if (at == segments.size()) {
            return node.operations.isEmpty() ? null : node;
        }
        Node fixed = node.fixed.get(segments.get(at));
        if (fixed != null) {
            Node found = find(fixed, segments, at + 1, values);
            if (found != null) {
                return found;
            }
        }
        Node variable = node.variable;
        if (variable == null || segments.get(at).isEmpty()) {
            return null;
        }
        Node found = find(variable, segments, at + 1, values);
        if (found != null) {
            values.put(node.variableName, segments.get(at));
        }
        return found;
    }
}
