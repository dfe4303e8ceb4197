package io.holdfast.gridstate.command;

import io.holdfast.gridstate.catalog.Check;
import io.holdfast.gridstate.layer.BlockRange;
import io.holdfast.gridstate.layer.HolderEntry;
import io.holdfast.gridstate.layer.HolderKey;
import io.holdfast.gridstate.layer.LayerDraft;
import io.holdfast.hostio.id.LayerDigest;
import java.util.List;
import java.util.Optional;

/// Commands of the layer registry.
public sealed interface LayerCommand extends GridCommand {
    /// Longest name of a referrer, such as `image/<repository>@<digest>`.
    int REFERRER_CHARS_MAX = 512;

    /// Adds a layer, or finds it there with the same size; in either case takes the reference, if any.
    record Register(LayerDigest digest, LayerDraft draft, Optional<String> referrer) implements LayerCommand {
        public Register {
            referrer.ifPresent(name -> Check.text("a referrer", name, REFERRER_CHARS_MAX));
        }

        @Override
        public String target() {
            return digest.value();
        }
    }

    /// Takes a reference; taking one again changes nothing.
    record AddReference(LayerDigest digest, String referrer) implements LayerCommand {
        public AddReference {
            Check.text("a referrer", referrer, REFERRER_CHARS_MAX);
        }

        @Override
        public String target() {
            return digest.value();
        }
    }

    /// Gives a reference back; giving back what is not there changes nothing.
    record RemoveReference(LayerDigest digest, String referrer) implements LayerCommand {
        public RemoveReference {
            Check.text("a referrer", referrer, REFERRER_CHARS_MAX);
        }

        @Override
        public String target() {
            return digest.value();
        }
    }

    /// Says that a layer stood unreferenced for the grace period.
    record MarkReclaimable(LayerDigest digest) implements LayerCommand {
        @Override
        public String target() {
            return digest.value();
        }
    }

    /// Deletes a reclaimable layer that no node holds blocks of.
    record Delete(LayerDigest digest) implements LayerCommand {
        @Override
        public String target() {
            return digest.value();
        }
    }

    /// Says that a node holds these blocks of a layer, too.
    record RecordBlocks(HolderKey key, List<BlockRange> ranges) implements LayerCommand {
        public RecordBlocks {
            ranges = Check.atMost("block ranges", ranges, HolderEntry.RANGES_MAX);
            Check.range("a count of block ranges", ranges.size(), 1, HolderEntry.RANGES_MAX);
        }

        @Override
        public String target() {
            return key.toString();
        }
    }

    /// Says that a node holds nothing of a layer any more.
    record ForgetBlocks(HolderKey key) implements LayerCommand {
        @Override
        public String target() {
            return key.toString();
        }
    }
}
