package io.holdfast.node.http.contract;

import io.holdfast.gridstate.access.Role;
import io.holdfast.node.http.exchange.Problem;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One operation of the document. Immutable.
///
/// @param id its `operationId`
/// @param method GET, POST, PUT, PATCH or DELETE
/// @param template its path, such as `/v1/nodes/{node}`
/// @param role the least role that may call it; absent if anybody may
/// @param pathRules what its variables may be
/// @param queryRules what its query parameters may be; others are refused
/// @param queryRequired query parameters that must be there
/// @param repeatable query parameters that may come several times
/// @param bodyRule what its body must be; absent if it has none
/// @param bodyRequired whether the body must be there
public record ApiOperation(
        String id,
        String method,
        String template,
        Optional<Role> role,
        Map<String, SchemaRule> pathRules,
        Map<String, SchemaRule> queryRules,
        Set<String> queryRequired,
        Set<String> repeatable,
        Optional<SchemaRule> bodyRule,
        boolean bodyRequired) {

    public ApiOperation {
        pathRules = Map.copyOf(pathRules);
        queryRules = Map.copyOf(queryRules);
    }

    /// Whether a call may change something.
    public boolean isChange() {
        return !method.equals("GET");
    }

    /// Checks the variables' values.
    public void checkPath(Map<String, String> values) {
        values.forEach(
                (name, value) -> {
                    SchemaRule rule = pathRules.get(name);
                    if (rule != null) {
                        rule.check(rule.fromText(value), name);
                    }
                });
    }

    /// Checks the query and gives back what is in it.
    public Map<String, List<String>> checkQuery(Map<String, List<String>> values) {
        Map<String, List<String>> checked = new LinkedHashMap<>();
        values.forEach(
                (name, list) -> {
                    SchemaRule rule = queryRules.get(name);
                    if (rule == null) {
                        throw Problem.badRequest(
                                        "unknown-parameter",
                                        "the operation knows no such parameter; known: "
                                                + queryRules.keySet())
                                .exception();
                    }
                    if (list.size() > 1 && !repeatable.contains(name)) {
                        throw Problem.badRequest("repeated-parameter", name + " comes once")
                                .exception();
                    }
                    if (rule instanceof SchemaRule.Many many) {
                        many.check(new io.vertx.core.json.JsonArray(List.copyOf(list)), name);
                    } else {
                        list.forEach(value -> rule.check(rule.fromText(value), name));
                    }
                    checked.put(name, List.copyOf(list));
                });
        for (String name : queryRequired) {
            if (!checked.containsKey(name)) {
                throw Problem.badRequest("missing-parameter", name + " is missing").exception();
            }
        }
        return checked;
    }

    /// Checks the body; empty where none came.
    public JsonObject checkBody(Optional<JsonObject> body) {
        if (body.isEmpty()) {
            if (bodyRequired) {
                throw Problem.badRequest("missing-body", "the operation needs a JSON body")
                        .exception();
            }
            return new JsonObject();
        }
        if (bodyRule.isEmpty()) {
            if (body.get().isEmpty()) {
                return body.get();
            }
            throw Problem.badRequest("unexpected-body", "the operation takes no body").exception();
        }
        bodyRule.get().check(body.get(), "");
        return body.get();
    }
}
