import java.io.IOException;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

/** The map that executes a plan again and again. */
final class Contest {
  private final Plan plan;
  /** In the order in which streams use them: then reading them costs little. None if numbers or fresh. */
  private final String[][] keysOfStreams;
  private final String[] keysByRank;

  Contest(Plan plan) {
    this.plan = plan;
    boolean made = !Keys.areNumbers(plan.keyKind) && plan.keyKind != Keys.FRESH;
    keysByRank = made ? new String[plan.keyCount] : null;
    keysOfStreams = new String[plan.streams.length][];
    if (!made) return;
    for (int rank = 0; rank < plan.keyCount; rank++) keysByRank[rank] = Keys.text(plan.keyKind, rank);
    for (int stream = 0; stream < keysOfStreams.length; stream++) {
      keysOfStreams[stream] = keysOf(plan.streams[stream]);
    }
  }

  private String[] keysOf(int[] stream) {
    String[] keys = new String[stream.length];
    for (int place = 0; place < stream.length; place++) {
      int rank = stream[place] & Plan.RANK_MASK;
      if (rank < plan.keyCount) keys[place] = keysByRank[rank]; // that of a SCAN means nothing
    }
    return keys;
  }

  Outcome round(long limit, String latencies) throws IOException, ExecutionException, InterruptedException {
    Maps.Made made = Maps.make(plan.presize ? plan.keyCount : 0, plan.bound);
    ConcurrentMap<Object, Object> map = made.map();
    fill(map);
    Runner[] runners = new Runner[plan.streams.length];
    for (int stream = 0; stream < runners.length; stream++) {
      runners[stream] = new Runner(newLoop(map, stream), plan, stream, limit, latencies != null);
    }
    System.gc();
    Outcome outcome = new Race(plan, runners).run(latencies != null);
    outcome.size = made.size().getAsLong();
    outcome.content = contentOf(map);
    if (latencies != null) outcome.writeSamples(latencies);
    return outcome;
  }

  /** Puts in what is there before. */
  private void fill(ConcurrentMap<Object, Object> map) {
    for (int rank = 0; rank < plan.prefill; rank++) {
      map.put(keyOf(rank), plan.counters ? 0 : Values.box(Values.of(rank, 0), plan.booleans));
    }
  }

  /** Sums up what is there at the end, key by key. */
  private long contentOf(ConcurrentMap<Object, Object> map) {
    long sum = 0;
    for (int rank = 0; rank < plan.keyCount; rank++) {
      Object value = map.get(keyOf(rank));
      if (value == null) continue;
      sum += plan.counters ? Values.unbox(value) : Values.lasting(Values.unbox(value));
    }
    return sum;
  }

  private Object keyOf(int rank) {
    return keysByRank == null ? Keys.make(plan.keyKind, rank) : keysByRank[rank];
  }

  /** All keys of a map are of the type that its plan says. */
  @SuppressWarnings("unchecked")
  private Loop newLoop(ConcurrentMap<?, Object> map, int stream) {
    return Keys.areNumbers(plan.keyKind)
        ? new LongLoop((ConcurrentMap<Long, Object>) map, plan, stream)
        : new TextLoop((ConcurrentMap<String, Object>) map, plan, stream, keysOfStreams[stream]);
  }
}
