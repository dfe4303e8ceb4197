package io.holdfast.node.http.resource;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Page;
import io.holdfast.gridstate.catalog.Versioned;
import io.holdfast.node.http.exchange.ApiCall;
import io.holdfast.node.http.exchange.ApiHeaders;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.exchange.Problem;
import io.holdfast.node.http.json.RecordJson;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.Condition;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers reads of catalogs: one record, or a page of them. Concurrent.
public final class Reads {
    private static final int LIMIT_STANDARD = 100;
    private static final int CONDITION_COUNT_MAX = 8;
    private static final Pattern CONDITION =
            Pattern.compile(
                    "([A-Za-z][A-Za-z0-9]{0,63})(!=|>=|<=|=|>|<)(.{0,512})", Pattern.DOTALL);

    private final CatalogReads reads;

    public Reads(CatalogReads reads) {
        this.reads = reads;
    }

    /// One record, by its key's text.
    public <K, R> ApiReply get(ApiCall call, Catalog<K, R> catalog, String keyText) {
        CatalogReads.Answer<Optional<Versioned<K, R>>> answer =
                reads.get(catalog, key(catalog, keyText), call.consistency());
        Versioned<K, R> found = found(catalog, keyText, answer);
        ApiReply reply =
                call.hasVersion(found.version())
                        ? ApiReply.empty(304)
                        : ApiReply.ok(item(catalog, found));
        return fresh(reply.withVersion(found.version()), answer);
    }

    /// One record, by its key's text, for a resource that says more about it.
    <K, R> Versioned<K, R> existing(ApiCall call, Catalog<K, R> catalog, String keyText) {
        return found(catalog, keyText, reads.get(catalog, key(catalog, keyText), call.consistency()));
    }

    private static <K, R> Versioned<K, R> found(
            Catalog<K, R> catalog, String keyText, CatalogReads.Answer<Optional<Versioned<K, R>>> answer) {
        return answer.value().orElseThrow(() -> Problem.notFound(
                        "no such record: catalog=" + catalog.name() + " key=" + keyText)
                .exception());
    }

    /// A page; its query parameters are `limit`, `cursor`, `prefix` and `where`.
    public <K, R> ApiReply page(ApiCall call, Catalog<K, R> catalog) {
        return page(call, catalog, call.queryValue("prefix").orElse(""));
    }

    /// A page of the records whose keys begin with the prefix.
    public <K, R> ApiReply page(ApiCall call, Catalog<K, R> catalog, String prefix) {
        return page(call, catalog, prefix, _ -> true, _ -> Map.of());
    }

    /// A page of the records with keys that are to be shown, which may be fewer than were asked for.
    ///
    /// @param more what a resource says beside about records: further members, by key
    <K, R> ApiReply page(
            ApiCall call,
            Catalog<K, R> catalog,
            Predicate<K> isShown,
            Function<List<Versioned<K, R>>, Map<K, JsonObject>> more) {
        return page(call, catalog, call.queryValue("prefix").orElse(""), isShown, more);
    }

    private <K, R> ApiReply page(
            ApiCall call,
            Catalog<K, R> catalog,
            String prefix,
            Predicate<K> isShown,
            Function<List<Versioned<K, R>>, Map<K, JsonObject>> more) {
        Page.Request request =
                new Page.Request(
                        prefix,
                        call.queryValue("cursor"),
                        call.queryValue("limit").map(Integer::parseInt).orElse(LIMIT_STANDARD));
        CatalogReads.Answer<Page<K, R>> answer;
        try {
            answer = reads.page(catalog, request, conditions(call), call.consistency());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-query", String.valueOf(e.getMessage())).exception();
        }
        JsonArray items = new JsonArray();
        List<Versioned<K, R>> shown = answer.value().entries().stream()
                .filter(entry -> isShown.test(entry.key()))
                .toList();
        Map<K, JsonObject> further = more.apply(shown);
        shown.forEach(entry -> items.add(item(catalog, entry)
                .mergeIn(further.getOrDefault(entry.key(), new JsonObject()))));
        JsonObject body = new JsonObject().put("items", items).put("index", answer.index());
        answer.value().next().ifPresent(next -> body.put("next", next));
        return fresh(ApiReply.ok(body), answer);
    }

    /// A record as the API shows it.
    static <K, R> JsonObject item(Catalog<K, R> catalog, Versioned<K, R> entry) {
        return RecordJson.item(
                catalog.keyForm().print(entry.key()), entry.version(), entry.value());
    }

    static <K> K key(Catalog<K, ?> catalog, String text) {
        try {
            return catalog.keyForm().parse(text);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                            422,
                            "invalid",
                            "not a key of the catalog " + catalog.name() + ": " + e.getMessage(),
                            "")
                    .exception();
        }
    }

    private static ApiReply fresh(ApiReply reply, CatalogReads.Answer<?> answer) {
        return reply.withIndex(answer.index())
                .with(ApiHeaders.STALE, Boolean.toString(answer.isStale()));
    }

    private static List<Condition> conditions(ApiCall call) {
        List<String> texts = call.queryValues("where");
        if (texts.size() > CONDITION_COUNT_MAX) {
            throw Problem.badRequest(
                            "invalid-query", "at most " + CONDITION_COUNT_MAX + " conditions")
                    .exception();
        }
        List<Condition> conditions = new ArrayList<>();
        for (String text : texts) {
            Matcher matcher = CONDITION.matcher(text);
            if (!matcher.matches()) {
                throw Problem.badRequest(
                                "invalid-query",
                                "a condition is <attribute><operator><value>, as state=ready")
                        .exception();
            }
            conditions.add(
                    new Condition(matcher.group(1), operator(matcher.group(2)), matcher.group(3)));
        }
        return conditions;
    }

    private static Condition.Operator operator(String sign) {
        for (Condition.Operator operator : Condition.Operator.values()) {
            if (operator.sign().equals(sign)) {
                return operator;
            }
        }
        throw new IllegalStateException("the pattern lets known operators pass only: sign=" + sign);
    }
}
