/** What a stream found, for the checksums. */
final class Tally {
  long operations;
  long hits;
  /** Sum of what GET read. */
  long read;
  long removed;
  long visited;
  /** Sum of what SCAN visited. */
  long scanned;

  void add(Tally other) {
    operations += other.operations;
    hits += other.hits;
    read += other.read;
    removed += other.removed;
    visited += other.visited;
    scanned += other.scanned;
  }

  void visit(Object value) {
    visited++;
    scanned += Values.lasting(Values.unbox(value));
  }
}
