package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// Adds up what processes have of memory, out of `/proc/PID/smaps_rollup` and `/proc/PID/ksm_stat`.
final class MemoryAccount {
    private static final long KIBIBYTE = 1_024;
    private static final long PAGE_BYTES = 4_096;

    private MemoryAccount() {}

    static ContainerMemory of(Set<Long> processes) {
        ContainerMemory sum = ContainerMemory.NONE;
        for (long pid : processes) {
            String rollup = read(pid, "smaps_rollup");
            sum = sum.plus(new ContainerMemory(
                    number(rollup, "Rss:") * KIBIBYTE,
                    number(rollup, "Pss:") * KIBIBYTE,
                    number(read(pid, "ksm_stat"), "ksm_merging_pages ") * PAGE_BYTES));
        }
        return sum;
    }

    /// The number behind a name at the beginning of a line; 0 if there is none.
    static long number(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replaceAll("\\D", ""))
                .filter(digits -> !digits.isEmpty() && digits.length() < 19)
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + file), StandardCharsets.ISO_8859_1);
        } catch (IOException goneOrOlderKernel) {
            return "";
        }
    }
}
