package io.holdfast.node.http;

import io.holdfast.node.http.auth.Authentication;
import io.holdfast.node.http.auth.RefusalLog;
import io.holdfast.node.http.contract.ApiContract;
import io.holdfast.node.http.exchange.ApiHandler;
import io.holdfast.node.http.exchange.ApiReply;
import io.holdfast.node.http.resource.AccessResource;
import io.holdfast.node.http.resource.ApplicationResource;
import io.holdfast.node.http.resource.CatalogResource;
import io.holdfast.node.http.resource.ChangeResource;
import io.holdfast.node.http.resource.Changes;
import io.holdfast.node.http.resource.ClusterResource;
import io.holdfast.node.http.resource.Reads;
import io.holdfast.node.http.resource.HistoryResource;
import io.holdfast.node.http.resource.ImageResource;
import io.holdfast.node.http.resource.RecordResource;
import io.holdfast.node.http.resource.RolloutResource;
import io.holdfast.node.http.resource.SignOnResource;
import io.holdfast.node.http.resource.SnapshotResource;
import io.holdfast.node.http.resource.StatusResource;
import io.holdfast.node.http.resource.StorageResource;
import io.holdfast.node.http.resource.VolumeResource;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Joins the contract's operations to what answers them. Immutable.
final class Operations {
    /// Answered by a stream, not by a reply.
    static final String WATCH = "watch";

    private final Map<String, ApiHandler> handlers;

    Operations(
            ApiPorts ports,
            Authentication authentication,
            RefusalLog refusals,
            Supplier<X509Certificate> authority,
            InstantSource clock) {
        Map<String, ApiHandler> all = new HashMap<>();
        Changes changes = new Changes(ports.commands());
        new CatalogResource(new Reads(ports.reads())).register(all);
        new HistoryResource(ports.changes()).register(all);
        new ChangeResource(ports.changes()).register(all);
        new ClusterResource(changes, ports.joins(), authority, clock).register(all);
        new AccessResource(changes, ports.reads(), authentication, clock).register(all);
        new SignOnResource(ports.signOn(), changes, ports.reads(), refusals, clock).register(all);
        new SnapshotResource(changes).register(all);
        new ApplicationResource(changes, new Reads(ports.reads()), ports.instances(), ports.starts())
                .register(all);
        new ImageResource(changes, ports.images()).register(all);
        new RolloutResource(changes).register(all);
        new RecordResource(changes).register(all);
        new VolumeResource(new Reads(ports.reads()), changes, ports.volumes()).register(all);
        new StorageResource(new Reads(ports.reads()), ports.storage()).register(all);
        new StatusResource(
                        ports.status(),
                        ports.reads(),
                        ports.storage(),
                        ports.troubles(),
                        ports.trends(),
                        ports.metrics())
                .register(all);
        ApiContract contract = ApiContract.ofThisBuild();
        all.put("getOpenApi", _ -> ApiReply.of(200, "application/json", contract.document()));
        this.handlers = Map.copyOf(all);
    }

    Map<String, ApiHandler> handlers() {
        return handlers;
    }
}
