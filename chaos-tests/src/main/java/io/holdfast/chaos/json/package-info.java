/// JSON text, read and written: what the API answers and what reports consist of. Entry class:
/// [io.holdfast.chaos.json.Json].
@NullMarked
package io.holdfast.chaos.json;

import org.jspecify.annotations.NullMarked;
