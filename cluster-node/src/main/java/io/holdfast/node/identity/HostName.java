package io.holdfast.node.identity;

import java.util.regex.Pattern;

/// The form of host names (RFC 1123).
final class HostName {
    private static final int LENGTH_MAX = 253;
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern FORM = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    private HostName() {}

    static boolean isValid(String host) {
        return host.length() <= LENGTH_MAX && FORM.matcher(host).matches();
    }
}
