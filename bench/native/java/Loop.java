/** Executes parts of one stream. There is a class for each type of keys, so that the calls within have one target. */
interface Loop {
  /** The most operations that are prepared at once. */
  int BATCH = 10_000;

  /** Makes what operations need that is not to be timed. Those are BATCH at most. */
  void prepare(int from, int to);

  void execute(int from, int to, Tally found);
}
