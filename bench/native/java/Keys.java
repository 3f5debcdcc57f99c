/** Keys: everything follows from a key's rank, the same in all languages (bench/streams/keys.ts). */
final class Keys {
  static final int NUMBER = 0;
  static final int WIDE = 1;
  static final int SEEN = 2;
  /** Built a moment ago: Java has not computed their hashes, which it keeps in its strings. */
  static final int FRESH = 3;
  static final int LONG = 4;
  static final int PADDED = 5;
  static final int KINDS = 6;

  private static final String ZEROS = "0".repeat(60);

  private Keys() {}

  static boolean areNumbers(int kind) {
    return kind <= WIDE;
  }

  /** Makes a key, an object of its own. */
  static Object make(int kind, int rank) {
    return areNumbers(kind) ? (Object) number(kind == WIDE, rank) : text(kind, rank);
  }

  static long number(boolean wide, int rank) {
    return wide ? ((long) (mix(~rank) >>> 11) << 32) + Integer.toUnsignedLong(mix(rank)) : rank;
  }

  static String text(int kind, int rank) {
    return switch (kind) {
      case LONG -> padded(rank, 60);
      case PADDED -> padded(rank, 12);
      default -> "key_" + rank;
    };
  }

  private static String padded(int rank, int length) {
    String digits = Integer.toString(rank);
    return "key_" + ZEROS.substring(0, length - digits.length()) + digits;
  }

  /** The finalizer of MurmurHash3. */
  private static int mix(int bits) {
    bits = (bits ^ (bits >>> 16)) * 0x85ebca6b;
    bits = (bits ^ (bits >>> 13)) * 0xc2b2ae35;
    return bits ^ (bits >>> 16);
  }
}
