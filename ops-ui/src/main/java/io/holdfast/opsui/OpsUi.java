package io.holdfast.opsui;

/// Where the web UI's files are on the class path.
public final class OpsUi {
    /// The folder that holds `index.html`, without a slash at either end.
    public static final String RESOURCE_ROOT = "io/holdfast/opsui/web";

    /// The folder that holds what the build has made of them, see [UiBundle]: `index.html` and what it names.
    public static final String BUNDLE_ROOT = "io/holdfast/opsui/bundle";

    private OpsUi() {}
}
