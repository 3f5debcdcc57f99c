import java.util.concurrent.ConcurrentMap;

/** Keys are strings: those that were made for the stream before, or fresh ones, made for each batch. */
final class TextLoop implements Loop {
  private final ConcurrentMap<String, Object> map;
  private final int[] stream;
  private final boolean fresh;
  private final boolean booleans;
  private final String[] keys;
  /** The place of the first of them. */
  private int keysFrom;

  /** Without keys they are fresh. */
  TextLoop(ConcurrentMap<String, Object> map, Plan plan, int stream, String[] keys) {
    this.map = map;
    this.stream = plan.streams[stream];
    fresh = keys == null;
    booleans = plan.booleans;
    this.keys = fresh ? new String[Math.min(BATCH, this.stream.length)] : keys;
  }

  @Override
  public void prepare(int from, int to) {
    if (!fresh) return;
    keysFrom = from;
    for (int place = from; place < to; place++) {
      keys[place - from] = Keys.text(Keys.FRESH, stream[place] & Plan.RANK_MASK);
    }
  }

  @Override
  public void execute(int from, int to, Tally found) {
    for (int place = from; place < to; place++) {
      int rank = stream[place] & Plan.RANK_MASK;
      String key = keys[place - keysFrom];
      switch (stream[place] >>> Plan.KIND_SHIFT) {
        case Plan.GET -> {
          Object value = map.get(key);
          if (value != null) {
            found.hits++;
            found.read += Values.lasting(Values.unbox(value));
          }
        }
        case Plan.SET -> map.put(key, Values.box(Values.of(rank, place + 1), booleans));
        case Plan.REMOVE -> {
          if (map.remove(key) != null) found.removed++;
        }
        case Plan.INCREMENT -> map.merge(key, 1, (count, one) -> (Integer) count + (Integer) one);
        case Plan.MODIFY -> {
          Object value = map.get(key);
          if (value != null) {
            found.hits++;
            map.put(key, Values.box(Values.next(Values.unbox(value)), booleans));
          }
        }
        case Plan.LOAD -> {
          Object value = map.get(key);
          if (value == null) map.put(key, Values.of(rank, place + 1));
          else {
            found.hits++;
            found.read += Values.checked(Values.unbox(value), rank);
          }
        }
        case Plan.SCAN -> {
          for (Object value : map.values()) found.visit(value);
        }
        default -> throw new AssertionError("plans were checked");
      }
    }
  }
}
