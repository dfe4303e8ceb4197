package io.holdfast.chaos.powercut.subject;

import io.holdfast.chaos.checker.Violation;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;

/// A part of the product that stores something. Confined to one thread while it works; afterwards any number
/// of threads may check what is left of it.
public interface Subject {
    /// Works in the folder to its end and remembers what was acknowledged, and when.
    ///
    /// @param position how many events the disk has seen, which is all the time there is
    void work(Path folder, IntSupplier position) throws Exception;

    /// The positions at which something had just been acknowledged.
    List<Integer> acknowledgements();

    /// Opens what a cut at the position left, without any help, and compares.
    ///
    /// @return what is lost or wrong
    List<Violation> check(Path folder, int position) throws Exception;
}
