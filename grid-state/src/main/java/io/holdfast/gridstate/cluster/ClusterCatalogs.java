package io.holdfast.gridstate.cluster;

import static io.holdfast.gridstate.catalog.Attribute.flag;
import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;

/// The catalogs of the cluster itself.
public final class ClusterCatalogs {
    public static final Catalog<String, ClusterEntry> CLUSTER = Catalog.of(
            "cluster",
            KeyForm.text(key -> Check.name("a cluster's key", key), key -> key),
            ClusterEntry.class,
            List.of());

    public static final Catalog<String, NodeEntry> NODES = Catalog.of(
            "nodes",
            KeyForm.text(name -> Check.name("a node's name", name), name -> name),
            NodeEntry.class,
            List.of(
                    text("state", node -> node.state().label()),
                    text("zone", node -> node.description().zone()),
                    number("number", NodeEntry::number),
                    flag("wantsVote", node -> node.description().wantsVote())));

    public static final Catalog<String, JoinTokenEntry> JOIN_TOKENS = Catalog.of(
            "join-tokens",
            KeyForm.text(id -> Check.name("a token's id", id), id -> id),
            JoinTokenEntry.class,
            List.of(number("expiresMillis", JoinTokenEntry::expiresMillis)));

    private ClusterCatalogs() {}
}
