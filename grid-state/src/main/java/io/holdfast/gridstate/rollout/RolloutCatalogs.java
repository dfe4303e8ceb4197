package io.holdfast.gridstate.rollout;

import static io.holdfast.gridstate.catalog.Attribute.number;
import static io.holdfast.gridstate.catalog.Attribute.text;

import io.holdfast.gridstate.catalog.Catalog;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.catalog.KeyForm;
import java.util.List;

/// The catalogs of rollouts.
public final class RolloutCatalogs {
    public static final Catalog<String, ObjectEntry> OBJECTS = Catalog.of(
            "objects",
            KeyForm.text(name -> Check.name("an object's name", name), name -> name),
            ObjectEntry.class,
            List.of(
                    number("generation", ObjectEntry::generation),
                    number("instances", ObjectEntry::instanceCount)));

    public static final Catalog<GenerationKey, GenerationEntry> GENERATIONS = Catalog.of(
            "generations",
            KeyForm.text(GenerationKey::parse, GenerationKey::toString),
            GenerationEntry.class,
            List.of(text("version", GenerationEntry::version)));

    public static final Catalog<InstanceKey, InstanceEntry> INSTANCES = Catalog.of(
            "instances",
            KeyForm.text(InstanceKey::parse, InstanceKey::toString),
            InstanceEntry.class,
            List.of(
                    number("generation", InstanceEntry::generation),
                    text("verdict", instance -> instance.verdict().label())));

    public static final Catalog<LinkId, LinkEntry> LINKS = Catalog.of(
            "links",
            KeyForm.text(LinkId::new, LinkId::value),
            LinkEntry.class,
            List.of(
                    text("object", link -> link.instance().object()),
                    number("generation", LinkEntry::generation)));

    public static final Catalog<String, RolloutEntry> ROLLOUTS = Catalog.of(
            "rollouts",
            KeyForm.text(name -> Check.name("a rollout's name", name), name -> name),
            RolloutEntry.class,
            List.of(
                    text("state", rollout -> rollout.state().label()),
                    text("object", rollout -> rollout.plan().object())));

    private RolloutCatalogs() {}
}
