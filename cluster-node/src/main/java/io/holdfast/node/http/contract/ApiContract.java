package io.holdfast.node.http.contract;

import io.holdfast.gridstate.access.Role;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The OpenAPI document, read and compiled. Immutable.
public final class ApiContract {
    private static final String RESOURCE = "openapi.json";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final Buffer document;
    private final JsonObject root;
    private final List<ApiOperation> operations;
    private final RouteTree routes;

    private ApiContract(Buffer document) {
        this.document = document;
        this.root = document.toJsonObject();
        this.operations = List.copyOf(compile());
        this.routes = new RouteTree(operations);
    }

    /// The document of this build, compiled at the first call.
    public static ApiContract ofThisBuild() {
        return OfThisBuild.CONTRACT;
    }

    private static final class OfThisBuild {
        private static final ApiContract CONTRACT = load();
    }

    private static ApiContract load() {
        try (InputStream stream = ApiContract.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("the API's document is missing from this build");
            }
            return new ApiContract(Buffer.buffer(stream.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("the API's document cannot be read", e);
        }
    }

    /// The document's bytes.
    public Buffer document() {
        return document;
    }

    public List<ApiOperation> operations() {
        return operations;
    }

    /// Finds the operation of a request.
    public RouteTree.Match match(String method, List<String> segments) {
        return routes.match(method, segments);
    }

    private List<ApiOperation> compile() {
        List<ApiOperation> compiled = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        JsonObject paths = root.getJsonObject("paths");
        for (String template : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(template);
            for (String method : item.fieldNames()) {
                if (METHODS.contains(method)) {
                    ApiOperation operation =
                            operation(template, method, item.getJsonObject(method));
                    if (!ids.add(operation.id())) {
                        throw new IllegalStateException(
                                "an operation's id stands twice: id=" + operation.id());
                    }
                    compiled.add(operation);
                }
            }
        }
        return compiled;
    }

    private ApiOperation operation(String template, String method, JsonObject declared) {
        Map<String, SchemaRule> path = new HashMap<>();
        Map<String, SchemaRule> query = new HashMap<>();
        Set<String> required = new HashSet<>();
        Set<String> repeatable = new HashSet<>();
        for (JsonObject parameter : objects(declared.getJsonArray("parameters", new JsonArray()))) {
            JsonObject resolved = resolved(parameter);
            String name = resolved.getString("name");
            SchemaRule rule = SchemaRule.compile(resolved.getJsonObject("schema"), this::resolve);
            switch (resolved.getString("in")) {
                case "path" -> path.put(name, rule);
                case "query" -> {
                    query.put(name, rule);
                    if (resolved.getBoolean("required", false)) {
                        required.add(name);
                    }
                    if (rule instanceof SchemaRule.Many) {
                        repeatable.add(name);
                    }
                }
                case "header" -> {
                    // Headers are read, and checked, where they are used.
                }
                default -> throw new IllegalStateException("a parameter's place: name=" + name);
            }
        }
        JsonObject body = declared.getJsonObject("requestBody");
        return new ApiOperation(
                declared.getString("operationId"),
                method.toUpperCase(Locale.ROOT),
                template,
                role(declared.getString("x-role")),
                path,
                query,
                required,
                repeatable,
                Optional.ofNullable(body).map(this::bodyRule),
                body != null && body.getBoolean("required", false));
    }

    private SchemaRule bodyRule(JsonObject body) {
        JsonObject schema =
                resolved(body)
                        .getJsonObject("content")
                        .getJsonObject("application/json")
                        .getJsonObject("schema");
        return SchemaRule.compile(schema, this::resolve);
    }

    private static Optional<Role> role(String text) {
        return switch (text) {
            case "none" -> Optional.empty();
            case "viewer" -> Optional.of(Role.VIEWER);
            case "operator" -> Optional.of(Role.OPERATOR);
            case "admin" -> Optional.of(Role.ADMIN);
            default -> throw new IllegalStateException("an operation's role: role=" + text);
        };
    }

    private JsonObject resolved(JsonObject object) {
        String reference = object.getString("$ref");
        return reference == null ? object : resolve(reference);
    }

    private JsonObject resolve(String reference) {
        if (!reference.startsWith("#/")) {
            throw new IllegalStateException(
                    "a reference points into the document: reference=" + reference);
        }
        JsonObject at = root;
        for (String step : List.of(reference.substring(2).split("/", -1))) {
            at = at.getJsonObject(step);
            if (at == null) {
                throw new IllegalStateException(
                        "a reference leads nowhere: reference=" + reference);
            }
        }
        return at;
    }

    private static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> objects = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            objects.add(array.getJsonObject(i));
        }
        return objects;
    }
}
