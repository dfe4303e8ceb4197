package io.holdfast.gridstate.command;

import io.holdfast.gridstate.image.ImageCatalogs;
import io.holdfast.gridstate.image.ImageDraft;
import io.holdfast.gridstate.rule.ExpectedVersion;

/// Commands about images that the cluster keeps.
public sealed interface ImageCommand extends GridCommand {
    /// Lets a name mean an image, all of whose parts are registered as layers.
    record Put(String image, ImageDraft draft, ExpectedVersion expected) implements ImageCommand {
        public Put {
            ImageCatalogs.checkedName(image);
        }

        @Override
        public String target() {
            return image;
        }
    }

    /// Forgets a name that no application uses; parts that nothing else needs go a while later.
    record Delete(String image, ExpectedVersion expected) implements ImageCommand {
        public Delete {
            ImageCatalogs.checkedName(image);
        }

        @Override
        public String target() {
            return image;
        }
    }
}
