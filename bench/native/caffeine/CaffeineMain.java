import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Locale;

/** Runs Caffeine, a cache with the policy W-TinyLFU, on the plans of the benchmark: see Main of the folder java. */
final class CaffeineMain {
  private static final String NAME = "java-caffeine";

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1 || !arguments[0].equals(NAME)) {
      System.err.println("usage: java CaffeineMain " + NAME);
      System.exit(2);
    }
    Locale.setDefault(Locale.ROOT); // JSON has digits of one kind
    String version = Caffeine.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    Maps.use("Caffeine", versionIn(version), bound -> {
      Cache<Object, Object> cache = Caffeine.newBuilder().maximumSize(bound).build();
      return new Maps.Made(cache.asMap(), () -> {
        cache.cleanUp();
        return cache.estimatedSize();
      });
    });
    new Protocol(System.in, System.out).serve();
    System.exit(0);
  }

  /** What stands before the last dot of the name of its file, behind the last hyphen. */
  private static String versionIn(String path) {
    return path.substring(path.lastIndexOf('-') + 1, path.lastIndexOf('.'));
  }
}
