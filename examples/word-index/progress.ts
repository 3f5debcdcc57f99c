import { SingleBar } from 'cli-progress'

/** Shows a bar on stderr while `work` runs; nothing at all if stderr is not a terminal. */
export async function withProgress<T>(
  title: string,
  total: number,
  work: (onProgress: (done: number) => void) => T | Promise<T>,
): Promise<T> {
  const bar = new SingleBar({
    format: `${title.padEnd(24)} {bar} {value}/{total} files`,
    barsize: 24, // fits into 80 columns
    clearOnComplete: true,
    linewrap: true, // left as it is: turned off, it would stay off in the user's terminal after Ctrl-C
  })
  bar.start(total, 0)
  try {
    return await work((done) => bar.update(done))
  } finally {
    bar.stop()
  }
}
