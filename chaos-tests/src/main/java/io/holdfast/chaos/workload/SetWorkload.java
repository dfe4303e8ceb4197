package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.SetChecker;
import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.HistoryRecorder;
import io.holdfast.chaos.json.Json;
import java.util.List;
import java.util.Map;

/// Settings as a set: each element is created once and must be there in the end. Concurrent.
final class SetWorkload {
    static final String PREFIX = "set.";

    private final HistoryRecorder<String, String> recorder;
    private final String prefix;

    /// @param prefix of all keys
    SetWorkload(HistoryRecorder<String, String> recorder, String prefix) {
        this.recorder = recorder;
        this.prefix = prefix;
    }

    History<String, String> history() {
        return recorder.history();
    }

    /// Adds one element.
    void step(int client, Caller caller) throws InterruptedException {
        String element = caller.uniqueName();
        HistoryRecorder<String, String>.Call call = recorder.invoke(client, "set", element);
        ApiCall create = ApiCall.put("/v1/settings/" + prefix + element,
                        Json.object().put("value", element).build())
                .with("If-None-Match", "*");
        switch (caller.change(create)) {
            case CallResult.Done _ -> call.ok("");
            // Nobody else creates it: a refusal because it is there would mean that it was created twice.
            case CallResult.Refused refused -> call.failed(refused.toString());
            case CallResult.NotDone notDone -> call.failed(notDone.reason());
            case CallResult.Unknown unknown -> call.unknown(unknown.reason());
        }
    }

    /// Holds what was added against what is there in the end.
    ///
    /// @param settings by their keys
    Verdict verdict(Map<String, ?> settings) {
        List<String> found = settings.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .toList();
        return new SetChecker().check(recorder.history(), found);
    }
}
