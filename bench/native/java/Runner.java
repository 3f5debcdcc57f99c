import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Executes one stream: from its barrier to its end, loop after loop, with a look at the clock around those operations
 * whose latency is asked for.
 */
final class Runner {
  /** Operations that a stream in the background does before it looks whether it may stop. */
  private static final int BACKGROUND_BATCH = 16;

  private final Loop loop;
  private final int length;
  private final long total;
  private final boolean endless;
  private final int sampleEvery;

  final Tally found = new Tally();
  final int[] samples;
  int sampleCount;
  /** The sum of the timed parts, without the preparation of batches. */
  long nanoseconds;

  Runner(Loop loop, Plan plan, int stream, long limit, boolean sampled) {
    this.loop = loop;
    length = plan.streams[stream].length;
    total = plan.operationsOf(stream, limit);
    endless = plan.background && stream > 0;
    sampleEvery = sampled && !endless ? plan.sampleEvery : 0;
    samples = new int[sampleEvery > 0 ? Math.toIntExact((total + sampleEvery - 1) / sampleEvery) : 0];
  }

  void run(AtomicBoolean stop) {
    if (endless) {
      runUntil(stop);
      return;
    }
    try {
      for (long done = 0; done < total; ) done += runBatch(done, Loop.BATCH);
    } finally {
      stop.set(true);
    }
  }

  private void runUntil(AtomicBoolean stop) {
    if (length == 0) return;
    for (long done = 0; !stop.get(); ) done += runBatch(done, BACKGROUND_BATCH);
  }

  /** Executes operations to the end of the stream at most, and says how many. */
  private int runBatch(long done, int most) {
    int place = (int) (done % length);
    int end = Math.min(place + most, length);
    if (!endless) end = (int) Math.min(end, place + total - done);
    loop.prepare(place, end);
    long start = System.nanoTime();
    if (sampleEvery == 0) loop.execute(place, end, found);
    else executeSampled(place, end, done);
    nanoseconds += System.nanoTime() - start;
    found.operations += end - place;
    return end - place;
  }

  private void executeSampled(int from, int to, long done) {
    for (int place = from; place < to; ) {
      long sinceSample = (done + place - from) % sampleEvery;
      if (sinceSample > 0) {
        int end = (int) Math.min(to, place + sampleEvery - sinceSample);
        loop.execute(place, end, found);
        place = end;
      } else {
        long start = System.nanoTime();
        loop.execute(place, place + 1, found);
        samples[sampleCount++] = (int) Math.min(System.nanoTime() - start, 0xffff_ffffL);
        place++;
      }
    }
  }
}
