package io.holdfast.node;

import io.holdfast.gridstate.rule.Actor;
import io.holdfast.node.http.port.VolumeControl;
import io.holdfast.node.volume.VolumeCall;
import io.holdfast.node.volume.VolumeDesk;
import io.holdfast.node.volume.VolumeOutcome;
import java.time.Duration;
import java.util.Optional;

/// The API's way to the volumes of the cluster.
///
/// @param self this node's name
record ApiVolumes(String self, VolumeDesk desk) implements VolumeControl {
    @Override
    public Outcome perform(Request request, Duration patience) {
        Optional<String> user =
                request.actor() instanceof Actor.User known ? Optional.of(known.name()) : Optional.empty();
        VolumeCall call = new VolumeCall(
                VolumeCall.Verb.valueOf(request.verb().name()),
                request.volume(),
                request.arguments(),
                user,
                self,
                request.requestId());
        VolumeOutcome outcome = desk.perform(call, patience);
        return new Outcome(
                outcome.node(),
                outcome.version(),
                outcome.facts(),
                outcome.refusal().map(VolumeOutcome.Refusal::refused));
    }
}
