package io.holdfast.gridstate.command;

import io.holdfast.consensus.FencingToken;
import io.holdfast.gridstate.application.ApplicationSpec;
import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.placement.PlacementKey;
import io.holdfast.gridstate.placement.PlacementState;
import io.holdfast.gridstate.rule.ExpectedVersion;
import io.holdfast.gridstate.snapshot.ApplicationKey;

/// Commands about applications and where their instances run. Those of a node that runs instances carry the
/// token of the lease `app-host/<node>`: once that is lost, its slots are for others to claim.
public sealed interface ApplicationCommand extends GridCommand {
    /// Says what an application is to be, and lets it run.
    record Define(ApplicationKey application, ApplicationSpec spec, ExpectedVersion expected)
            implements ApplicationCommand {
        @Override
        public String target() {
            return application.toString();
        }
    }

    /// Lets an application have instances, or have none whoever asks.
    record SetStopped(ApplicationKey application, boolean isStopped, ExpectedVersion expected)
            implements ApplicationCommand {
        @Override
        public String target() {
            return application.toString();
        }
    }

    /// Forgets an application that has no instances.
    record Delete(ApplicationKey application, ExpectedVersion expected) implements ApplicationCommand {
        @Override
        public String target() {
            return application.toString();
        }
    }

    /// Takes a slot that is free, or whose node has lost its lease.
    ///
    /// @param generation of the specification that the instance is to run
    record Claim(PlacementKey slot, String node, FencingToken host, long generation)
            implements ApplicationCommand {
        public Claim {
            Check.name("a node's name", node);
            Check.notNegative("a generation", generation);
        }

        @Override
        public String target() {
            return slot.toString();
        }
    }

    /// Says how the instance in a slot is; refused once somebody else has claimed the slot.
    record Report(PlacementKey slot, String node, FencingToken host, PlacementState state)
            implements ApplicationCommand {
        public Report {
            Check.name("a node's name", node);
        }

        @Override
        public String target() {
            return slot.toString();
        }
    }

    /// Gives a slot back: nothing runs in it any more. Anybody may give back a slot whose node has lost its
    /// lease; giving back what another node holds changes nothing.
    record Release(PlacementKey slot, String node, FencingToken host) implements ApplicationCommand {
        public Release {
            Check.name("a node's name", node);
        }

        @Override
        public String target() {
            return slot.toString();
        }
    }
}
