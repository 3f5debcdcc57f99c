import { SingleBar } from 'cli-progress'

/**
 * Shows a bar on stderr while `work` runs; nothing at all if stderr is not a terminal. `sizes` says how much work each
 * file is: with the largest files first, their mere number would stand still for long and then rush to the end.
 */
export async function withProgress<T>(
  title: string,
  sizes: number[],
  work: (onProgress: (filesDone: number) => void) => T | Promise<T>,
): Promise<T> {
  let total = 0
  const sizeOfFirst = [0, ...sizes.map((size) => (total += size))]
  const bar = new SingleBar({
    format: `${title.padEnd(24)} {bar} {percentage}%`,
    clearOnComplete: true,
    linewrap: true, // left as it is: turned off, it would stay off in the user's terminal after Ctrl-C
  })
  bar.start(total, 0)
  try {
    return await work((filesDone) => bar.update(sizeOfFirst[filesDone]!))
  } finally {
    bar.stop()
  }
}
