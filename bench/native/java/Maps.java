import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/** Which kind of map this program is about: ConcurrentHashMap, or a cache seen as a map (folder caffeine). */
final class Maps {
  /** A map, and how many entries it has. */
  record Made(ConcurrentMap<Object, Object> map, LongSupplier size) {}

  static String title = "ConcurrentHashMap";
  static String version = "";
  /** Makes a cache of so many entries; null: there are no caches. */
  private static IntFunction<Made> newCache;

  private Maps() {}

  static void use(String title, String version, IntFunction<Made> newCache) {
    Maps.title = title;
    Maps.version = version + ", ";
    Maps.newCache = newCache;
  }

  /** A map with room for so many entries (0: the default), or a cache with this bound. */
  static Made make(int capacity, int bound) {
    if (newCache != null) return newCache.apply(bound);
    ConcurrentHashMap<Object, Object> map = capacity > 0 ? new ConcurrentHashMap<>(capacity) : new ConcurrentHashMap<>();
    return new Made(map, map::mappingCount);
  }
}
