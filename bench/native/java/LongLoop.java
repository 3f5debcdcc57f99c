import java.util.concurrent.ConcurrentMap;

/** Keys are long, and boxed in the call, as they are in most programs. */
final class LongLoop implements Loop {
  private final ConcurrentMap<Long, Object> map;
  private final int[] stream;
  private final boolean wide;
  private final boolean booleans;

  LongLoop(ConcurrentMap<Long, Object> map, Plan plan, int stream) {
    this.map = map;
    this.stream = plan.streams[stream];
    wide = plan.keyKind == Keys.WIDE;
    booleans = plan.booleans;
  }

  @Override
  public void prepare(int from, int to) {}

  @Override
  public void execute(int from, int to, Tally found) {
    for (int place = from; place < to; place++) {
      int rank = stream[place] & Plan.RANK_MASK;
      long key = Keys.number(wide, rank);
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
