/// The web UI as people meet it: the host's own Chromium, driven by Playwright, against a cluster of real
/// processes. `RunningCluster` is the cluster, `Browser` the program, `Visit` one person at one of its pages,
/// who notices every error of the console and every request to elsewhere. Confined to the test's thread, as
/// Playwright is.
@NullMarked
package io.holdfast.node.browser;

import org.jspecify.annotations.NullMarked;
