package io.holdfast.node.cli;

import io.holdfast.node.cli.client.ApiRequest;

/// Names of applications and snapshots on the command line: without a tenant they belong to `default`.
final class AppNames {
    private static final String TENANT_STANDARD = "default/";

    private AppNames() {}

    /// `NAME` or `TENANT/NAME` as the API's key.
    static String application(String name) {
        return name.indexOf('/') < 0 ? TENANT_STANDARD + name : name;
    }

    /// `APP/NAME` or `TENANT/APP/NAME` as the API's key.
    static String snapshot(String name) {
        return name.indexOf('/') == name.lastIndexOf('/') ? TENANT_STANDARD + name : name;
    }

    /// The application's place in the API.
    static String pathOf(String name) {
        return "/applications/" + ApiRequest.segment(application(name));
    }

    /// Where the gateway answers for it.
    static String gatewayPath(String name) {
        String key = application(name);
        return key.startsWith(TENANT_STANDARD)
                ? "/apps/" + key.substring(TENANT_STANDARD.length()) + "/"
                : "/apps/" + key.replace('/', '~') + "/";
    }
}
