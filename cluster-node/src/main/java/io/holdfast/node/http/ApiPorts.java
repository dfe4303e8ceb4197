package io.holdfast.node.http;

import io.holdfast.node.http.auth.RefusalLog;
import io.holdfast.node.http.port.AppGateway;
import io.holdfast.node.http.port.CatalogReads;
import io.holdfast.node.http.port.ChangeSource;
import io.holdfast.node.http.port.CommandGateway;
import io.holdfast.node.http.port.ImageDesk;
import io.holdfast.node.http.port.InstanceDesk;
import io.holdfast.node.http.port.JoinDesk;
import io.holdfast.node.http.port.SignOn;
import io.holdfast.node.http.port.StartView;
import io.holdfast.node.http.port.StatusSource;
import io.holdfast.node.http.port.StorageView;
import io.holdfast.node.http.port.TrendView;
import io.holdfast.node.http.port.TroubleView;
import io.holdfast.node.http.port.VolumeControl;
import java.util.Optional;
import java.util.function.Supplier;

/// What the API needs from the rest of the node.
///
/// @param commands the way of changes into the ledger
/// @param reads catalogs
/// @param changes what watches follow
/// @param status how the nodes are
/// @param joins admits nodes
/// @param metrics the metrics in Prometheus' text form
/// @param gateway takes the requests for applications
/// @param instances does things to their instances
/// @param starts how long requests waited that started applications
/// @param images imports images
/// @param volumes does what serving nodes do
/// @param storage how what is stored is
/// @param troubles which records tell of trouble
/// @param trends what the cluster did lately
/// @param signOn logs in elsewhere; absent where no provider of identities is configured
/// @param refusals hears of calls that are refused
public record ApiPorts(
        CommandGateway commands,
        CatalogReads reads,
        ChangeSource changes,
        StatusSource status,
        JoinDesk joins,
        Supplier<String> metrics,
        AppGateway gateway,
        InstanceDesk instances,
        StartView starts,
        ImageDesk images,
        VolumeControl volumes,
        StorageView storage,
        TroubleView troubles,
        TrendView trends,
        Optional<SignOn> signOn,
        RefusalLog refusals) {}
