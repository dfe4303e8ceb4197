/// What clients asked for, when, and what they heard: the evidence that checkers judge. Entry class:
/// [io.holdfast.chaos.history.HistoryRecorder]. A call ends in one of three ways: it happened (`Ok`), it
/// certainly did not (`Failed`), or nobody can tell (`Unknown`); to call an unknown outcome failed would
/// hide bugs, to call it done would invent them.
@NullMarked
package io.holdfast.chaos.history;

import org.jspecify.annotations.NullMarked;
