/// What an application is: from which root file system it runs, how it is started, reached, probed, bounded,
/// scaled and saved. Values only; who may change them is decided by `gridstate.snapshot`, where they are
/// placed by `gridstate.placement`.
@NullMarked
package io.holdfast.gridstate.application;

import org.jspecify.annotations.NullMarked;
