package io.holdfast.gridstate.command;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.rollout.InstanceKey;
import io.holdfast.gridstate.rollout.LinkId;
import io.holdfast.gridstate.rollout.ObjectVersion;
import io.holdfast.gridstate.rollout.RolloutPlan;
import io.holdfast.gridstate.rollout.Verdict;
import io.holdfast.gridstate.rule.ExpectedVersion;

/// Commands of rollouts.
public sealed interface RolloutCommand extends GridCommand {
    /// Links that one step may move, which bounds what one command costs.
    int LINKS_PER_STEP_MAX = 500;

    /// Makes an object; its first generation is the given version.
    record DefineObject(String object, ObjectVersion version) implements RolloutCommand {
        public DefineObject {
            Check.name("an object's name", object);
        }

        @Override
        public String target() {
            return object;
        }
    }

    /// Gives an object a further version; beyond the bound the oldest that no generation in use names goes.
    record AddVersion(String object, ObjectVersion version, ExpectedVersion expected)
            implements RolloutCommand {
        public AddVersion {
            Check.name("an object's name", object);
        }

        @Override
        public String target() {
            return object;
        }
    }

    /// Removes an object without instances.
    record DeleteObject(String object, ExpectedVersion expected) implements RolloutCommand {
        public DeleteObject {
            Check.name("an object's name", object);
        }

        @Override
        public String target() {
            return object;
        }
    }

    /// Adds an instance; its link leads where the object's generation says.
    record AddInstance(InstanceKey instance, LinkId link) implements RolloutCommand {
        @Override
        public String target() {
            return instance.toString();
        }
    }

    /// Gives an instance another link; the one before leads nowhere from then on.
    record ReplaceLink(InstanceKey instance, LinkId link, ExpectedVersion expected)
            implements RolloutCommand {
        @Override
        public String target() {
            return instance.toString();
        }
    }

    /// Removes an instance and its link.
    record RemoveInstance(InstanceKey instance, ExpectedVersion expected) implements RolloutCommand {
        @Override
        public String target() {
            return instance.toString();
        }
    }

    /// Plans a rollout: makes its generation, moves nothing.
    record Plan(String rollout, RolloutPlan plan) implements RolloutCommand {
        public Plan {
            Check.name("a rollout's name", rollout);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Starts the first wave.
    record Start(String rollout, ExpectedVersion expected) implements RolloutCommand {
        public Start {
            Check.name("a rollout's name", rollout);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Moves links of the current wave; answers with how many and whether more are to be moved.
    record MoveLinks(String rollout, int limit) implements RolloutCommand {
        public MoveLinks {
            Check.name("a rollout's name", rollout);
            Check.range("a limit", limit, 1, LINKS_PER_STEP_MAX);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Judges an instance. Too many unhealthy ones make the rollout fail.
    ///
    /// @param instance the instance's name
    /// @param generation that was judged; a verdict on another one is refused
    record Judge(String rollout, String instance, int generation, Verdict verdict) implements RolloutCommand {
        public Judge {
            Check.name("a rollout's name", rollout);
            Check.name("an instance's name", instance);
            Check.range("a generation", generation, 1, Integer.MAX_VALUE);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Goes on to the next wave, or completes after the last; refused unless the current one has passed.
    record Advance(String rollout, ExpectedVersion expected) implements RolloutCommand {
        public Advance {
            Check.name("a rollout's name", rollout);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Stops moving links.
    record Pause(String rollout, ExpectedVersion expected) implements RolloutCommand {
        public Pause {
            Check.name("a rollout's name", rollout);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Goes on after a pause.
    record Resume(String rollout, ExpectedVersion expected) implements RolloutCommand {
        public Resume {
            Check.name("a rollout's name", rollout);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Ends a rollout that has begun: its links go back.
    record Fail(String rollout, String reason, ExpectedVersion expected) implements RolloutCommand {
        public Fail {
            Check.name("a rollout's name", rollout);
            Check.note("a reason", reason, 512);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Sends links of a failed rollout back by one generation; answers with how many and whether more are
    /// to be sent. The last one ends the rollout.
    record SendBack(String rollout, int limit) implements RolloutCommand {
        public SendBack {
            Check.name("a rollout's name", rollout);
            Check.range("a limit", limit, 1, LINKS_PER_STEP_MAX);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Takes a completed rollout back, if it is the newest of its object, or gives up a planned one.
    record Undo(String rollout, String reason, ExpectedVersion expected) implements RolloutCommand {
        public Undo {
            Check.name("a rollout's name", rollout);
            Check.note("a reason", reason, 512);
        }

        @Override
        public String target() {
            return rollout;
        }
    }

    /// Drops the record of a rollout that is over.
    record Delete(String rollout, ExpectedVersion expected) implements RolloutCommand {
        public Delete {
            Check.name("a rollout's name", rollout);
        }

        @Override
        public String target() {
            return rollout;
        }
    }
}
