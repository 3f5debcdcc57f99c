import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * The protocol: words in a line on standard input, one JSON object in a line on standard output.
 *
 * <pre>
 * load &lt;path&gt;              reads a plan and makes its keys
 * round &lt;limit&gt; &lt;path|-&gt;   executes it on a new map; with a path it records latencies there
 * memory &lt;keyKind&gt; &lt;count&gt; measures what entries take
 * key &lt;keyKind&gt; &lt;rank&gt;     says a key, so that tests see that all languages make the same
 * quit
 * </pre>
 */
final class Protocol {
  private final BufferedReader input;
  private final PrintStream output;
  /** The plan that was loaded last, and its keys. */
  private Contest contest;

  Protocol(InputStream input, PrintStream output) {
    this.input = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
    this.output = new PrintStream(output, true, StandardCharsets.UTF_8);
  }

  void serve() throws IOException {
    for (String line = input.readLine(); line != null && !line.equals("quit"); line = input.readLine()) {
      output.println(answerOrError(line));
    }
  }

  private String answerOrError(String line) {
    try {
      int space = line.indexOf(' ');
      String command = space < 0 ? line : line.substring(0, space);
      return answer(command, space < 0 ? "" : line.substring(space + 1));
    } catch (ExecutionException | OutOfMemoryError error) {
      return "{\"error\":" + quote(error.toString()) + "}";
    } catch (IOException | IllegalArgumentException | InterruptedException error) {
      return "{\"error\":" + quote(error.getMessage()) + "}";
    }
  }

  private String answer(String command, String rest)
      throws IOException, ExecutionException, InterruptedException {
    return switch (command) {
      case "load" -> load(rest);
      case "round" -> round(rest);
      case "memory" -> {
        int[] kindAndCount = kindAndNumber(command, rest);
        yield Memory.measure(kindAndCount[0], kindAndCount[1]);
      }
      case "key" -> {
        int[] kindAndRank = kindAndNumber(command, rest);
        Object key = Keys.make(kindAndRank[0], kindAndRank[1]);
        yield String.format("{\"key\":%s}", key instanceof String text ? quote(text) : key);
      }
      default -> throw new IllegalArgumentException(
          "there is no command " + command + "; there are load, round, memory, key and quit");
    };
  }

  private String load(String path) throws IOException {
    contest = null; // lets the plan before go, with its keys
    contest = new Contest(Plan.read(path));
    return String.format("{\"ok\":true,\"rival\":%s,\"version\":%s}", quote(Maps.title),
        quote(Maps.version + "java " + System.getProperty("java.version")));
  }

  private String round(String rest) throws IOException, ExecutionException, InterruptedException {
    String[] words = rest.split(" ", 2);
    if (words.length < 2 || !words[0].matches("\\d{1,18}")) {
      throw new IllegalArgumentException("round takes a limit and a path (or -), not " + rest);
    }
    if (contest == null) throw new IllegalArgumentException("there is no plan: load one first");
    return contest.round(Long.parseLong(words[0]), words[1].equals("-") ? null : words[1]).toJson();
  }

  /** Reads a kind of keys, and how many or which of them. */
  private static int[] kindAndNumber(String command, String rest) {
    if (!rest.matches("[0-" + (Keys.KINDS - 1) + "] [1-9]\\d{0,7}")) {
      throw new IllegalArgumentException(command + " takes a kind of keys and a number from 1, not " + rest);
    }
    return Stream.of(rest.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  /** A string in JSON. */
  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char character : String.valueOf(text).toCharArray()) {
      if (character == '"' || character == '\\') quoted.append('\\').append(character);
      else if (character < ' ') quoted.append(String.format("\\u%04x", (int) character));
      else quoted.append(character);
    }
    return quoted.append('"').toString();
  }
}
