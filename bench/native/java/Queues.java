import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Java's ArrayBlockingQueue, for bench/queue. Words in a line on standard input, numbers in a line on standard output:
 *
 * <pre>
 * round &lt;kind> &lt;threads at each end> &lt;items> &lt;capacity>   nanoseconds, and what the items were worth
 * hop &lt;count> &lt;capacity>                                  nanoseconds of each way there and back
 * </pre>
 */
final class Queues {
  private static final int TEXTS = 1000;
  private static final int LENGTH = 100;

  private record Visit(double user, double visits, boolean online) {}

  private final BufferedReader input;
  private final PrintStream output;

  Queues(InputStream input, PrintStream output) {
    this.input = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
    this.output = output;
  }

  void serve() throws Exception {
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      output.println(answer(line.split(" ")));
      output.flush();
    }
  }

  private String answer(String[] words) throws InterruptedException {
    if (words[0].equals("hop")) return hop(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    int ends = Integer.parseInt(words[2]);
    int items = Integer.parseInt(words[3]);
    int capacity = Integer.parseInt(words[4]);
    return switch (words[1]) {
      case "numbers" -> round(ends, items, capacity, n -> (double) n, (Double item) -> item);
      case "strings" -> {
        String[] texts = makeTexts();
        yield round(ends, items, capacity, n -> texts[n % TEXTS], (String item) -> item.length() + item.charAt(LENGTH - 1));
      }
      case "objects" -> round(ends, items, capacity, n -> new Visit(n % TEXTS, n, n % 2 == 0), Queues::worthOf);
      default -> throw new IllegalArgumentException("there are no " + words[1]);
    };
  }

  private static String[] makeTexts() {
    String[] texts = new String[TEXTS];
    for (int n = 0; n < TEXTS; n++) texts[n] = "x".repeat(LENGTH - String.valueOf(n).length()) + n;
    return texts;
  }

  private static double worthOf(Visit item) {
    return item.user + item.visits + (item.online ? 1 : 0);
  }

  /** From so many threads to as many: from the first that begins to the last that ends. */
  private static <T> String round(int ends, int items, int capacity, IntFunction<T> make, ToDoubleFunction<T> worth)
      throws InterruptedException {
    System.gc();
    BlockingQueue<T> queue = new ArrayBlockingQueue<>(capacity);
    int share = items / ends;
    double[] sums = new double[ends];
    Thread[] threads = new Thread[2 * ends];
    for (int end = 0; end < ends; end++) {
      int own = end;
      threads[end] = new Thread(() -> sums[own] = take(queue, share, worth));
      threads[ends + end] = new Thread(() -> send(queue, own * share, (own + 1) * share, make));
    }
    long begin = System.nanoTime();
    for (Thread thread : threads) thread.start();
    for (Thread thread : threads) thread.join();
    long took = System.nanoTime() - begin;
    return took + " " + String.format("%.0f", Arrays.stream(sums).sum());
  }

  private static <T> double take(BlockingQueue<T> queue, int count, ToDoubleFunction<T> worth) {
    try {
      double sum = 0;
      for (int n = 0; n < count; n++) sum += worth.applyAsDouble(queue.take());
      return sum;
    } catch (InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  private static <T> void send(BlockingQueue<T> queue, int begin, int end, IntFunction<T> make) {
    try {
      for (int n = begin; n < end; n++) queue.put(make.apply(n));
    } catch (InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  private static String hop(int count, int capacity) throws InterruptedException {
    BlockingQueue<Double> forth = new ArrayBlockingQueue<>(capacity);
    BlockingQueue<Double> back = new ArrayBlockingQueue<>(capacity);
    Thread ponger =
        new Thread(
            () -> {
              try {
                for (int n = 0; n < count; n++) back.put(forth.take());
              } catch (InterruptedException error) {
                throw new IllegalStateException(error);
              }
            });
    ponger.start();
    long[] samples = new long[count];
    for (int n = 0; n < count; n++) {
      long begin = System.nanoTime();
      forth.put((double) n);
      if (back.take() != n) throw new IllegalStateException("another number came back");
      samples[n] = System.nanoTime() - begin;
    }
    ponger.join();
    return Arrays.stream(samples).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }
}
