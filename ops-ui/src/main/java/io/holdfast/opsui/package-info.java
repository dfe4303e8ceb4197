/// The web UI: static assets, and one class that names where they are.
@NullMarked
package io.holdfast.opsui;

import org.jspecify.annotations.NullMarked;
