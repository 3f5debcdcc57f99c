import type { WriteStream } from 'node:tty'
import type { OnProgress } from '../bench.js'

const CLEAR_LINE = '\r\u001b[K'

export interface Progress {
  report: OnProgress
  end(): void
}

/** On a terminal one line that changes; elsewhere a line for each measurement. */
export function progressOn(stream: WriteStream, rounds: number): Progress {
  return {
    report(workload, measurement, round) {
      const doing = `${workload}: ${measurement}`
      if (stream.isTTY) stream.write(`${CLEAR_LINE}${doing}, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}`)
      else if (round === 0) stream.write(`${doing}\n`)
    },
    end() {
      if (stream.isTTY) stream.write(CLEAR_LINE)
    },
  }
}
