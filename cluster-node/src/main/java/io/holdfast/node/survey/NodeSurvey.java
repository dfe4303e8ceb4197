package io.holdfast.node.survey;

import io.holdfast.consensus.UnavailableException;
import io.holdfast.node.doctor.Doctor;
import io.holdfast.node.doctor.Finding;
import io.holdfast.node.http.port.StatusSource.Traffic;
import io.holdfast.node.http.port.StorageView.HostFinding;
import io.holdfast.node.http.port.StorageView.ServedVolume;
import io.holdfast.node.http.port.TrendView.Sample;
import io.holdfast.node.peerlink.PeerCall;
import io.holdfast.node.peerlink.PeerRefusedException;
import io.holdfast.node.volume.ServedFigures;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How this one node is. Concurrent; looks at its host at most twice a minute, whoever asks.
public final class NodeSurvey implements ClusterSurvey.Here {
    private static final int VOLUMES_MAX = 10_000;
    /// Of its time, what a node spends on looking at itself.
    private static final long WORTH = 200;

    private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();

    private final Doctor doctor;
    private final ServedFigures volumes;
    private final LongSupplier nanoClock;
    private final FigureHistory history = new FigureHistory();
    private final ReentrantLock examining = new ReentrantLock();
    private long historyDueNanos;
    private @Nullable Examination last;

    /// What was found, and when.
    private record Examination(List<HostFinding> findings, long atNanos) {}

    public NodeSurvey(Doctor doctor, ServedFigures volumes, LongSupplier nanoClock) {
        this.doctor = doctor;
        this.volumes = volumes;
        this.nanoClock = nanoClock;
        this.historyDueNanos = nanoClock.getAsLong();
    }

    /// Answers another node.
    public byte[] answer(PeerCall call) {
        return switch (call) {
            case SERVED_VOLUMES -> SurveyJson.encode(volumes());
            case EXAMINE -> SurveyJson.encode(examine());
            case TRENDS -> SurveyJson.encode(history.samples());
            default -> throw new PeerRefusedException("not answered here: call=" + call);
        };
    }

    @Override
    public List<ServedVolume> volumes() {
        return volumes.here(VOLUMES_MAX);
    }

    /// What is done with all of them together.
    public Traffic traffic() {
        Traffic sum = Traffic.NONE;
        for (ServedVolume volume : volumes()) {
            sum = plus(sum, volume);
        }
        return sum;
    }

    /// How often [#note] is to be called, by one thread.
    public static Duration noteEvery() {
        return FigureHistory.EVERY;
    }

    /// Notes what was done until now; less often where there are so many volumes that looking takes long.
    public void note(long nowMillis, long applied) {
        long began = nanoClock.getAsLong();
        if (began - historyDueNanos >= 0) {
            history.note(nowMillis, applied, traffic());
            long ended = nanoClock.getAsLong();
            historyDueNanos = ended + WORTH * (ended - began) - FigureHistory.EVERY.toNanos();
        }
    }

    /// What was noted.
    public List<Sample> lately() {
        return history.samples();
    }

    private static Traffic plus(Traffic sum, ServedVolume volume) {
        return new Traffic(
                sum.volumes() + 1,
                sum.reads() + volume.reads(),
                sum.readBytes() + volume.readBytes(),
                sum.writes() + volume.writes(),
                sum.writtenBytes() + volume.writtenBytes(),
                plus(sum.readsByDoubledMicros(), volume.readLatency().byDoubledMicros()),
                plus(sum.writesByDoubledMicros(), volume.writeLatency().byDoubledMicros()));
    }

    private static List<Long> plus(List<Long> some, List<Long> more) {
        return IntStream.range(0, Math.max(some.size(), more.size()))
                .mapToObj(i -> (i < some.size() ? some.get(i) : 0L) + (i < more.size() ? more.get(i) : 0L))
                .toList();
    }

    @Override
    public List<HostFinding> examine() {
        examining.lock();
        try {
            Examination known = last;
            if (known == null || nanoClock.getAsLong() - known.atNanos() > FRESH_NANOS) {
                known = new Examination(
                        doctor.examine().stream().map(NodeSurvey::finding).toList(), nanoClock.getAsLong());
                last = known;
            }
            return known.findings();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("this node is stopping", stopped);
        } finally {
            examining.unlock();
        }
    }

    private static HostFinding finding(Finding finding) {
        return new HostFinding(
                finding.subject(),
                finding.state().name().toLowerCase(Locale.ROOT),
                finding.found(),
                finding.neededBy(),
                finding.remedy());
    }
}
