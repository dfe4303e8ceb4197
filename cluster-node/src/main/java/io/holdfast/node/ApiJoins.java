package io.holdfast.node;

import io.holdfast.node.admission.AdmissionDesk;
import io.holdfast.node.admission.AdmissionRefusedException;
import io.holdfast.node.admission.JoinAnswer;
import io.holdfast.node.admission.JoinRequest;
import io.holdfast.node.http.port.JoinDesk;
import io.holdfast.node.peerlink.PeerRefusedException;
import java.time.Duration;
import java.util.List;

/// The API's way to the admission desk.
record ApiJoins(AdmissionDesk desk) implements JoinDesk {
    @Override
    public Welcome join(Application application, Duration patience) {
        JoinRequest request = new JoinRequest(
                application.token(),
                application.name(),
                application.description().zone(),
                application.description().addresses(),
                application.certificateRequest());
        try {
            JoinAnswer answer = desk.join(request);
            List<Node> nodes = answer.nodes().stream()
                    .map(node -> new Node(node.name(), node.addresses(), node.isVoter()))
                    .toList();
            return new Welcome(answer.clusterId(), answer.certificate(), answer.authorities(), nodes);
        } catch (AdmissionRefusedException refused) {
            throw new PeerRefusedException(String.valueOf(refused.getMessage()));
        }
    }
}
