import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentMap;

/**
 * What entries take: keys that nobody else holds, values, and the map around them. The memory that is resident says
 * little of a virtual machine, which takes more than it needs; so bytes per entry are those of the used heap.
 */
final class Memory {
  private static final int COLLECTIONS = 3;

  private Memory() {}

  static String measure(int keyKind, int count) throws IOException {
    long heapBefore = usedHeap();
    long residentBefore = residentBytes();
    ConcurrentMap<Object, Object> map = Maps.make(0, count).map();
    for (int rank = 0; rank < count; rank++) map.put(Keys.make(keyKind, rank), rank);
    long heap = usedHeap() - heapBefore;
    long resident = residentBytes() - residentBefore;
    Reference.reachabilityFence(map);
    return String.format("{\"bytesPerEntry\":%s,\"rssBytes\":%d,\"reported\":%d,\"how\":\"%s\"}",
        (double) heap / count, resident, heap, "used heap after System.gc()");
  }

  private static long usedHeap() {
    for (int i = 0; i < COLLECTIONS; i++) System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Asks Linux, or elsewhere the ps command; 0 if neither can say. */
  private static long residentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) return kilobytesIn(line.substring("VmRSS:".length()));
      }
      return 0;
    }
    String process = Long.toString(ProcessHandle.current().pid());
    Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", process).start();
    return kilobytesIn(new String(ps.getInputStream().readAllBytes()));
  }

  private static long kilobytesIn(String text) {
    return 1024 * Long.parseLong(text.strip().split("\\s+")[0]);
  }
}
