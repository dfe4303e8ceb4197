package io.holdfast.opsui;

/// Where the web UI's files are on the class path.
public final class OpsUi {
    /// The folder that holds `index.html`, without a slash at either end.
    public static final String RESOURCE_ROOT = "io/holdfast/opsui/web";

    private OpsUi() {}
}
