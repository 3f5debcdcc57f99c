/** Values: a rank in the low 24 bits, and above it a version, which says how often the value was written. */
final class Values {
  private static final int MOST_VERSION = 63;

  private Values() {}

  static int of(int rank, int version) {
    return rank | (version & MOST_VERSION) << Plan.KIND_SHIFT;
  }

  /** The value that replaces another one of the same rank. */
  static int next(int value) {
    return of(value & Plan.RANK_MASK, (value >>> Plan.KIND_SHIFT) + 1);
  }

  /** The part of a value that is the same in all its versions. */
  static long lasting(int value) {
    return value & Plan.RANK_MASK;
  }

  /** The same of what a cache has found, which must be the value of its key. */
  static long checked(int value, int rank) {
    if (lasting(value) != rank) throw new IllegalStateException("the key of rank " + rank + " has the value of another one");
    return rank;
  }

  /** What the map holds. A boolean is true. */
  static Object box(int value, boolean booleans) {
    return booleans ? (Object) Boolean.TRUE : (Object) value;
  }

  /** A boolean counts as 1. */
  static int unbox(Object value) {
    return value instanceof Integer number ? number : 1;
  }
}
