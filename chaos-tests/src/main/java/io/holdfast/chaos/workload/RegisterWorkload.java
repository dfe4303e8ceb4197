package io.holdfast.chaos.workload;

import io.holdfast.chaos.checker.Verdict;
import io.holdfast.chaos.checker.VersionedAction;
import io.holdfast.chaos.checker.VersionedRegisterChecker;
import io.holdfast.chaos.checker.VersionedReply;
import io.holdfast.chaos.cluster.ApiCall;
import io.holdfast.chaos.history.History;
import io.holdfast.chaos.history.HistoryRecorder;
import io.holdfast.chaos.json.InvalidJsonException;
import io.holdfast.chaos.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Settings as registers: linearizable and local reads, writes, and writes under a condition. Concurrent;
/// each client has its own steps.
final class RegisterWorkload {
    static final String PREFIX = "register.";

    private final HistoryRecorder<VersionedAction, VersionedReply> recorder;
    private final String prefix;
    private final int keyCount;

    /// @param prefix of all keys
    RegisterWorkload(
            HistoryRecorder<VersionedAction, VersionedReply> recorder, String prefix, int keyCount) {
        this.recorder = recorder;
        this.prefix = prefix;
        this.keyCount = keyCount;
    }

    History<VersionedAction, VersionedReply> history() {
        return recorder.history();
    }

    Verdict verdict() {
        return new VersionedRegisterChecker().check(recorder.history());
    }

    /// Reads every register once.
    void readAll(Caller caller) throws InterruptedException {
        Client client = new Client(0, caller);
        for (int key = 0; key < keyCount; key++) {
            client.read(prefix + key, true);
        }
    }

    Client newClient(int number, Caller caller) {
        return new Client(number, caller);
    }

    /// One client's steps. Confined to its thread.
    final class Client {
        private final int number;
        private final Caller caller;
        private final Map<String, Long> seenVersions = new HashMap<>();

        private Client(int number, Caller caller) {
            this.number = number;
            this.caller = caller;
        }

        void step() throws InterruptedException {
            String key = prefix + caller.random().nextInt(keyCount);
            switch (caller.random().nextInt(6)) {
                case 0 -> read(key, true);
                case 1 -> read(key, false);
                case 2, 3 -> write(key, OptionalLong.empty());
                default -> write(key, OptionalLong.of(seenVersions.getOrDefault(key, 0L)));
            }
        }

        private void read(String key, boolean isLinearizable) throws InterruptedException {
            HistoryRecorder<VersionedAction, VersionedReply>.Call call =
                    recorder.invoke(number, key, new VersionedAction.Read(isLinearizable));
            String level = isLinearizable ? "linearizable" : "local";
            switch (caller.read(ApiCall.get("/v1/settings/" + key + "?consistency=" + level))) {
                case CallResult.Done done -> call.ok(found(key, done.body()));
                case CallResult.Refused refused when refused.status() == 404 ->
                    call.ok(new VersionedReply.Absent());
                case CallResult other -> call.failed(other.toString());
            }
        }

        private VersionedReply found(String key, Json body) {
            try {
                long version = body.number("version");
                seenVersions.put(key, version);
                return new VersionedReply.Found(version, body.text("value"));
            } catch (InvalidJsonException e) {
                throw new IllegalStateException("the API answered against its contract", e);
            }
        }

        private void write(String key, OptionalLong expected) throws InterruptedException {
            String value = caller.uniqueName();
            HistoryRecorder<VersionedAction, VersionedReply>.Call call =
                    recorder.invoke(number, key, new VersionedAction.Write(value, expected));
            ApiCall put = ApiCall.put("/v1/settings/" + key, Json.object().put("value", value).build());
            CallResult result = caller.change(expected.isPresent() ? under(put, expected.getAsLong()) : put);
            switch (result) {
                case CallResult.Done done -> {
                    long version = version(done.body());
                    seenVersions.put(key, version);
                    call.ok(new VersionedReply.Written(version));
                }
                case CallResult.Refused refused when refused.status() == 412 -> {
                    call.ok(new VersionedReply.VersionConflict());
                    read(key, true);
                }
                case CallResult.Refused refused -> call.failed(refused.toString());
                case CallResult.NotDone notDone -> call.failed(notDone.reason());
                case CallResult.Unknown unknown -> call.unknown(unknown.reason());
            }
        }

        private static ApiCall under(ApiCall put, long expected) {
            return expected == 0
                    ? put.with("If-None-Match", "*")
                    : put.with("If-Match", "\"" + expected + "\"");
        }

        private static long version(Json body) {
            try {
                return body.number("version");
            } catch (InvalidJsonException e) {
                throw new IllegalStateException("the API answered against its contract", e);
            }
        }
    }
}
