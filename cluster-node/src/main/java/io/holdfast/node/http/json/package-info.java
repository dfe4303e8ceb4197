/// How catalogs' records look in JSON.
@NullMarked
package io.holdfast.node.http.json;

import org.jspecify.annotations.NullMarked;
