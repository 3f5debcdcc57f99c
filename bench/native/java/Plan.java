import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** All that a contender is to do, as data. bench/streams/plan.ts states the layout of the files. */
final class Plan {
  // Operations are words: what to do in the high 8 bits, the rank of the key in the low 24.
  static final int GET = 0;
  static final int SET = 1;
  static final int REMOVE = 2;
  static final int INCREMENT = 3;
  static final int MODIFY = 4;
  static final int SCAN = 5;
  /** Get, and set what is not there. */
  static final int LOAD = 6;

  static final int KIND_SHIFT = 24;
  static final int RANK_MASK = (1 << KIND_SHIFT) - 1;

  private static final String MAGIC = "THPLAN01";
  private static final int HEADER_WORDS = 12;

  final int keyKind;
  final boolean booleans;
  final int keyCount;
  final int prefill;
  final int threads;
  /** The values are plain counts. */
  final boolean counters;
  /** Stream 0 is measured, the others begin again and again until it is done. */
  final boolean background;
  /** There may be room for keyCount entries before. */
  final boolean presize;
  final int sampleEvery;
  final int loops;
  /** Most entries of a cache; 0: it is a map. */
  final int bound;
  final int[][] streams;

  static Plan read(String path) throws IOException {
    try (FileChannel file = FileChannel.open(Path.of(path))) {
      ByteBuffer bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()).order(ByteOrder.LITTLE_ENDIAN);
      byte[] magic = new byte[MAGIC.length()];
      if (bytes.limit() >= 4 * HEADER_WORDS) bytes.get(0, magic);
      check(MAGIC.equals(new String(magic, StandardCharsets.US_ASCII)), "this is not a plan");
      check(bytes.limit() % 4 == 0, "there is more in the file than the plan says");
      return new Plan(bytes.asIntBuffer());
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException(path + ": there is no such file");
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(path + ": " + wrong.getMessage());
    }
  }

  private Plan(IntBuffer words) {
    int flags = words.get(8);
    keyKind = words.get(2);
    booleans = words.get(3) == 1;
    keyCount = words.get(4);
    prefill = words.get(5);
    threads = words.get(6);
    counters = (flags & 1) != 0;
    background = (flags & 2) != 0;
    presize = (flags & 4) != 0;
    sampleEvery = words.get(9);
    loops = words.get(10);
    bound = words.get(11);
    streams = cutStreams(words, words.get(7));
    checkSettings();
    for (int[] stream : streams) for (int operation : stream) checkOperation(operation);
  }

  /** Tells whether the streams are more than the threads, and so taken by whichever is free. */
  boolean hasTasks() {
    return streams.length > threads;
  }

  /** How many operations a stream comes to, all loops together. */
  long operationsOf(int stream, long limit) {
    long all = (long) streams[stream].length * loops;
    return limit > 0 ? Math.min(all, limit) : all;
  }

  private static int[][] cutStreams(IntBuffer words, int count) {
    int at = HEADER_WORDS + count;
    check(count >= 0 && count <= words.limit() - HEADER_WORDS, "the plan is cut off");
    int[][] streams = new int[count][];
    for (int i = 0; i < count; i++) {
      int length = words.get(HEADER_WORDS + i);
      check(length >= 0 && length <= words.limit() - at, "the plan is cut off");
      words.get(at, streams[i] = new int[length]);
      at += length;
    }
    check(at == words.limit(), "there is more in the file than the plan says");
    return streams;
  }

  private void checkSettings() {
    check(keyKind >= 0 && keyKind < Keys.KINDS, "there is no such kind of keys");
    check(keyCount >= 0 && keyCount <= RANK_MASK && prefill >= 0 && prefill <= keyCount,
        "there are more keys than a plan can have");
    check(threads >= 1 && streams.length >= threads, "there are fewer streams than threads, or no threads");
    check(sampleEvery >= 1 && loops >= 1, "sampleEvery and loops are at least 1");
    check(!background || !hasTasks(), "tasks cannot be in the background");
    check(!counters || !booleans, "booleans do not count");
  }

  private void checkOperation(int operation) {
    int kind = operation >>> KIND_SHIFT;
    check(kind <= LOAD, "there is an operation that is not known");
    check(kind == SCAN || (operation & RANK_MASK) < keyCount, "there is a rank that has no key");
    check(!counters || (kind != SET && kind != MODIFY), "counters are incremented, not set");
    check(kind != LOAD || (bound > 0 && !booleans), "only a cache of numbers loads");
    check(counters || kind != INCREMENT, "only counters can be incremented");
  }

  private static void check(boolean right, String message) {
    if (!right) throw new IllegalArgumentException(message);
  }
}
