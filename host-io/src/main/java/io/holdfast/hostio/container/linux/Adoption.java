package io.holdfast.hostio.container.linux;

import io.holdfast.hostio.process.DetachedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of one container that a former node has recorded.
record Adoption(Host host, ContainerRecord record) {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    void run(LinuxContainerRuntime runtime) throws IOException, InterruptedException {
        switch (record.phase()) {
            case BEGUN -> {
                LOG.info("a half-made container is removed: container={}", record.spec().id());
                Resources resources = new Resources(host, record.spec());
                resources.release(record.network());
                resources.forget();
            }
            case RUNNING -> adopt(runtime);
            case ENDED -> {
                // A node that was killed may have written this before it had taken everything back.
                new Resources(host, record.spec()).release(0);
                runtime.admit(container());
            }
        }
    }

    private LinuxContainer container() throws IOException {
        ContainerLogs logs = ContainerLogs.open(host.folder(record.spec().id()), record.spec());
        if (record.phase() == ContainerRecord.Phase.ENDED) {
            logs.complete();
        }
        return new LinuxContainer(host, record, logs);
    }

    private void adopt(LinuxContainerRuntime runtime) throws IOException, InterruptedException {
        ContainerLogs logs = ContainerLogs.open(host.folder(record.spec().id()), record.spec());
        LinuxContainer container = new LinuxContainer(host, record, logs);
        ContainerRecord.Life life = record.life().orElseThrow(() -> new IOException(
                "a running container without a process: container=" + record.spec().id()));
        Set<Long> processes = container.cgroup().processes();
        DetachedProcess process = life.process();
        String name = record.spec().id().value();
        resume(name, processes, life.pipes().own(), logs.own());
        for (int index = 0; index < life.pipes().members().size(); index++) {
            String member = record.spec().members().get(index).name();
            resume(name + "-" + member, processes, life.pipes().members().get(index), logs.of(member));
        }
        LOG.info("container found: container={} alive={}", record.spec().id(), process.isAlive());
        boolean isFilled = !Files.exists(Filling.mark(host.folder(record.spec().id())));
        if (!isFilled) {
            LOG.warn("a container whose memory has not come whole is ended: container={}",
                    record.spec().id());
        }
        if (!isFilled || !new Aftermath(container.cgroup()).isWhole()) {
            container.endNow();
        } else if (!container.isMarkedFrozen() && container.cgroup().exists()) {
            // A checkpoint that the former node was making had stopped it.
            container.cgroup().thaw();
        }
        runtime.admit(container);
    }

    private static void resume(String name, Set<Long> processes, long pipe, LogFiles log) {
        LogPump.find(processes, pipe)
                .ifPresentOrElse(in -> LogPump.resume(name, in, log), log::complete);
    }
}
