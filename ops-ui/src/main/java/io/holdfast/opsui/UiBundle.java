package io.holdfast.opsui;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The web UI as it is served: all modules as one script and all styles as one sheet, each under a name that
/// its content gives, so that a first visit takes few requests and a later one none of them. Immutable.
///
/// Each module becomes a function that runs once and gives what the module exports; they stand in the order
/// in which they import each other. That needs no toolchain because our modules keep to few forms, each on
/// lines of its own: `import { a, b as c } from './x.js';`, `import a from './x.js';`, and `export` before a
/// `const`, `function` or `class`. Anything else, and modules that import each other in a circle, are refused
/// when the bundle is made, which a test does. A library is a script that sets one variable.
///
/// @param index the page, which names the other two
/// @param script the path of the script, below the UI's root
/// @param scriptText what it holds
/// @param style the path of the sheet, below the UI's root
/// @param styleText what it holds
public record UiBundle(String index, String script, String scriptText, String style, String styleText) {
    private static final String FIRST_MODULE = "js/main.js";
    private static final Pattern IMPORT = Pattern.compile(
            "^import (?:\\{([^}]*)\\}|(\\w+)) from '([^']+)';\\n", Pattern.MULTILINE);
    private static final Pattern EXPORT = Pattern.compile(
            "^export (?=(?:async function|function|class|const) (\\w+))", Pattern.MULTILINE);
    private static final Pattern LEFT_OVER =
            Pattern.compile("^(?:import|export)\\b.*|\\bimport\\(.*", Pattern.MULTILINE);
    private static final Pattern STYLE_LINK =
            Pattern.compile(" *<link rel=\"stylesheet\" href=\"([^\"]+)\">\\n");
    private static final int HASH_BYTES = 8;

    /// Scripts that are not modules, and the one variable that each sets.
    private static final Map<String, String> LIBRARIES = Map.of("lib/uplot.js", "uPlot");

    /// Makes it out of the files on the class path.
    ///
    /// @throws IllegalStateException if a module has a form that is not understood
    public static UiBundle make() {
        String page = own("index.html");
        StringBuilder sheet = new StringBuilder();
        STYLE_LINK.matcher(page).results().forEach(link -> sheet.append(own(link.group(1))));
        Modules modules = new Modules();
        modules.add(FIRST_MODULE);
        String scriptText = modules.text.toString();
        String script = named("script", scriptText, "js");
        String style = named("style", sheet.toString(), "css");
        String index = STYLE_LINK.matcher(page).replaceAll("")
                .replace("  <script type=\"module\" src=\"" + FIRST_MODULE + "\"></script>\n",
                        "  <link rel=\"stylesheet\" href=\"/ui/" + style + "\">\n"
                                + "  <script type=\"module\" src=\"/ui/" + script + "\"></script>\n");
        if (!index.contains(script)) {
            throw new IllegalStateException("the page does not begin with a module: module=" + FIRST_MODULE);
        }
        return new UiBundle(index, script, scriptText, style, sheet.toString());
    }

    /// Modules in the order in which they run.
    private static final class Modules {
        private final Map<String, String> names = new LinkedHashMap<>();
        private final Set<String> underWay = new LinkedHashSet<>();
        private final StringBuilder text = new StringBuilder();

        /// Adds a module behind those that it imports, once; gives the name of what it exports.
        private String add(String path) {
            String known = names.get(path);
            if (known != null) {
                return known;
            }
            if (!underWay.add(path)) {
                throw new IllegalStateException("modules import each other: " + underWay + " " + path);
            }
            String body = body(path);
            underWay.remove(path);
            String name = "module" + names.size();
            names.put(path, name);
            text.append("// ").append(path).append("\nconst ").append(name).append(" = (() => {\n")
                    .append(body).append("})();\n");
            return name;
        }

        private String body(String path) {
            String variable = LIBRARIES.get(path);
            if (variable != null) {
                return own(path) + "\nreturn { default: " + variable + " };\n";
            }
            StringBuilder imported = new StringBuilder();
            Matcher imports = IMPORT.matcher(own(path));
            while (imports.find()) {
                String from = add(resolved(path, imports.group(3)));
                String what = imports.group(1) == null
                        ? "default: " + imports.group(2)
                        : imports.group(1).strip().replace(" as ", ": ");
                imports.appendReplacement(
                        imported, Matcher.quoteReplacement("const { " + what + " } = " + from + ";\n"));
            }
            imports.appendTail(imported);
            List<String> exported = new ArrayList<>();
            Matcher exports = EXPORT.matcher(imported);
            String body = exports.replaceAll(export -> {
                exported.add(export.group(1));
                return "";
            });
            LEFT_OVER.matcher(body).results().findFirst().ifPresent(line -> {
                throw new IllegalStateException("not understood: module=" + path + " line=" + line.group());
            });
            return body + "return { " + String.join(", ", exported) + " };\n";
        }

        private static String resolved(String path, String relative) {
            return URI.create("ui:/" + path).resolve(relative).getPath().substring(1);
        }
    }

    private static String own(String path) {
        String resource = OpsUi.RESOURCE_ROOT + "/" + path;
        try (InputStream stream = UiBundle.class.getClassLoader().getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the UI has no such file: path=" + path);
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("a file of the UI cannot be read: path=" + path, e);
        }
    }

    private static String named(String name, String text, String extension) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return name + "-" + HexFormat.of().formatHex(hash, 0, HASH_BYTES) + "." + extension;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
