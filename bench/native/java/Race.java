import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets all threads go at once. Each has a stream, or takes tasks until there are no more. */
final class Race {
  private final Plan plan;
  private final Runner[] runners;
  private final AtomicInteger ready = new AtomicInteger();
  private final AtomicInteger nextTask = new AtomicInteger();
  private final AtomicBoolean stop = new AtomicBoolean();
  private volatile boolean released;
  private volatile long start;

  Race(Plan plan, Runner[] runners) {
    this.plan = plan;
    this.runners = runners;
  }

  Outcome run(boolean sampled) throws ExecutionException, InterruptedException {
    List<FutureTask<Outcome.Worker>> tasks = new ArrayList<>();
    for (int i = 0; i < plan.threads; i++) {
      int thread = i;
      FutureTask<Outcome.Worker> task = new FutureTask<>(() -> work(thread));
      tasks.add(task);
      new Thread(task, "worker " + i).start();
    }
    while (ready.get() < plan.threads) Thread.yield();
    start = System.nanoTime();
    released = true;
    List<Outcome.Worker> workers = new ArrayList<>();
    for (FutureTask<Outcome.Worker> task : tasks) workers.add(task.get());
    return new Outcome(plan, workers, sampled);
  }

  private Outcome.Worker work(int thread) {
    List<Runner> own = new ArrayList<>(runners.length);
    ready.incrementAndGet();
    while (!released) Thread.yield(); // looks again and again, so that threads begin at the same moment
    if (plan.hasTasks()) {
      for (int task = nextTask.getAndIncrement(); task < runners.length; task = nextTask.getAndIncrement()) {
        runners[task].run(stop);
        own.add(runners[task]);
      }
    } else {
      runners[thread].run(stop);
      own.add(runners[thread]);
    }
    return new Outcome.Worker(nanosecondsOf(own), own);
  }

  /** From the release to now; with fresh keys, which are made in between, the sum of the timed parts. */
  private long nanosecondsOf(List<Runner> own) {
    if (plan.keyKind != Keys.FRESH) return System.nanoTime() - start;
    return own.stream().mapToLong(runner -> runner.nanoseconds).sum();
  }
}
