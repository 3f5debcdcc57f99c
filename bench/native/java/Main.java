import java.util.Locale;

/**
 * Runs Java's ConcurrentHashMap on the plans of the benchmark. It speaks the protocol that Protocol describes, so the
 * harness cannot tell it from a contender written in JavaScript. Or its ArrayBlockingQueue: see Queues.
 */
final class Main {
  private static final String NAME = "java-concurrent-hash-map";

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 1 && arguments[0].equals("queue")) {
      new Queues(System.in, System.out).serve();
      System.exit(0);
    }
    if (arguments.length != 1 || !arguments[0].equals(NAME)) {
      System.err.println("usage: java Main " + NAME);
      System.exit(2);
    }
    Locale.setDefault(Locale.ROOT); // JSON has digits of one kind
    new Protocol(System.in, System.out).serve();
    System.exit(0);
  }
}
