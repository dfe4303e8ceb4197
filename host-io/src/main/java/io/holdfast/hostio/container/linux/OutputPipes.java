package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.container.ContainerSpec;
import io.holdfast.hostio.container.Member;
import io.holdfast.hostio.nativeaccess.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The pipes that a container which is being made prints to: one of its first process, and one of each
/// member. Confined; closing leaves the ends that others hold.
final class OutputPipes implements AutoCloseable {
    private final ContainerSpec spec;
    private final List<Descriptor.Pair> pipes = new ArrayList<>();

    private OutputPipes(ContainerSpec spec) {
        this.spec = spec;
    }

    static OutputPipes open(ContainerSpec spec) throws IOException {
        OutputPipes opened = new OutputPipes(spec);
        try {
            for (int count = 0; count <= spec.members().size(); count++) {
                opened.pipes.add(LogPump.openPipe());
            }
            return opened;
        } catch (IOException failure) {
            opened.close();
            throw failure;
        }
    }

    /// How the kernel shows them, those of the members behind the first process's.
    Numbers numbers() throws IOException {
        List<Long> members = new ArrayList<>();
        for (Descriptor.Pair pipe : pipes.subList(1, pipes.size())) {
            members.add(LogPump.numberOf(pipe.second()));
        }
        return new Numbers(LogPump.numberOf(pipes.getFirst().second()), members);
    }

    /// @param own of the first process
    /// @param members of the members, in their order
    record Numbers(long own, List<Long> members) {
        Numbers {
            members = List.copyOf(members);
        }
    }

    /// Where the first process writes to.
    Descriptor own() {
        return pipes.getFirst().second();
    }

    /// Where the members write to, in their order.
    List<Descriptor> members() {
        return pipes.subList(1, pipes.size()).stream().map(Descriptor.Pair::second).toList();
    }

    /// Those of a checkpoint by their names, each with the new one in its place.
    Map<String, Descriptor> inPlaceOf(Numbers saved) throws IOException {
        if (saved.members().size() != spec.members().size()) {
            throw new IOException("the checkpoint has the output of other members: saved="
                    + saved.members().size() + " wanted=" + spec.members().size());
        }
        Map<String, Descriptor> named = new HashMap<>();
        named.put(LogPump.nameOf(saved.own()), own());
        for (int index = 0; index < saved.members().size(); index++) {
            named.put(LogPump.nameOf(saved.members().get(index)), members().get(index));
        }
        return named;
    }

    /// Starts emptying them.
    void pump(ContainerLogs logs) throws IOException {
        String name = spec.id().value();
        LogPump.start(name, pipes.getFirst().first().duplicate(), logs.own());
        for (int index = 0; index < spec.members().size(); index++) {
            Member member = spec.members().get(index);
            LogPump.start(
                    name + "-" + member.name(), pipes.get(index + 1).first().duplicate(),
                    logs.of(member.name()));
        }
    }

    @Override
    public void close() {
        pipes.forEach(Descriptor.Pair::close);
    }
}
