// The benchmark of queues, in little: each contender that can be had here gives every item over once; the benchmark itself compares what
// they were worth, and ends with an error if that is wrong.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { sized } from '../support/size.js'

const PROGRAM = fileURLToPath(new URL('../../build/bench/queue/run.js', import.meta.url))
const CONTENDERS = [
  '**`SharedQueue`**: `push`, `pop`',
  '**`SharedQueue`**: `push`, `for await`',
  '**`SharedQueue`**: `pushMany`, `popMany`, 100 at once',
  '`postMessage`',
  '`postMessage`, arrays of 100',
  '`MessageChannel`',
  'ringbuf.js',
  'ringbuf.js, 100 at once',
  'Go: channel',
  'Java: ArrayBlockingQueue',
  'Rust: crossbeam ArrayQueue',
]

const OPTIONS = sized(['--kinds=numbers', '--shapes=1', '--hops=5', '--warmup=0'], ['--hops=20'])
/** For `npm test` no toolchain is there: in a fresh clone it takes 20 seconds and more to compile for them. */
const ENVIRONMENT = { ...process.env, ...sized({ PATH: '' }, {}) }

it('gives a row to each contender: figures, or how to get it', { timeout: 300_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, '--rounds=1', '--percent=1', ...OPTIONS], {
    env: ENVIRONMENT,
  })
  const [throughput, hops, targets] = stdout.split('\n\n').slice(1)
  for (const title of CONTENDERS) expect(throughput).toContain(`\n| ${title} | `)
  const [, ...cells] = throughput!.split('\n')[2]!.split(' | ')
  expect(cells.filter((cell) => Number.parseFloat(cell) > 0)).toHaveLength(sized(1, 6))
  expect(hops!.split('\n').length).toBeGreaterThanOrEqual(2 + 4)
  expect(targets).toContain('numbers one by one, of postMessage one by one: ')
})
