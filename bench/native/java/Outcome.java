import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What came of a round. */
final class Outcome {
  /** A thread: how long it took, and the streams that it did. */
  record Worker(long nanoseconds, List<Runner> runners) {}

  private final Plan plan;
  private final List<Worker> workers;
  private final boolean sampled;
  long size;
  long content;

  Outcome(Plan plan, List<Worker> workers, boolean sampled) {
    this.plan = plan;
    this.workers = workers;
    this.sampled = sampled;
  }

  String toJson() {
    List<Worker> measured = plan.background ? workers.subList(0, 1) : workers;
    Tally found = new Tally();
    for (Worker worker : measured) for (Runner runner : worker.runners) found.add(runner.found);
    long read = plan.counters ? 0 : found.read; // counters change while others count
    return String.format(
        "{\"nanoseconds\":%d,\"threads\":[%s],\"operations\":%d,\"hits\":%d,\"sum\":%d,\"removed\":%d,"
            + "\"visited\":%d,\"size\":%d,\"content\":%d}",
        measured.stream().mapToLong(Worker::nanoseconds).max().orElse(0),
        workers.stream().map(this::describe).collect(Collectors.joining(",")),
        found.operations, found.hits, read + found.scanned, found.removed, found.visited, size, content);
  }

  private String describe(Worker worker) {
    long operations = worker.runners.stream().mapToLong(runner -> runner.found.operations).sum();
    long samples = worker.runners.stream().mapToLong(runner -> runner.sampleCount).sum();
    return String.format("{\"nanoseconds\":%d,\"operations\":%d%s}", worker.nanoseconds, operations,
        sampled ? ",\"samples\":" + samples : "");
  }

  /** Writes the latencies of one thread after the other, little endian. */
  void writeSamples(String path) throws IOException {
    try (var file = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(Path.of(path))))) {
      for (Worker worker : workers) {
        for (Runner runner : worker.runners) {
          for (int i = 0; i < runner.sampleCount; i++) file.writeInt(Integer.reverseBytes(runner.samples[i]));
        }
      }
    }
  }
}
