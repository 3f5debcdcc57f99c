// npm run bench:cache, with few operations: its tables have a row for each contender, and it refuses what it does not know.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { expect, it } from 'vitest'
import { sized } from '../support/size.js'

const RUN = path.resolve(import.meta.dirname, '../../build/bench/cache/run.js')
const TIMEOUT_MS = 120_000

function run(...args: string[]) {
  return spawnSync(process.execPath, [RUN, ...args], { encoding: 'utf8', timeout: TIMEOUT_MS })
}

it.each(
  sized(
    [['hits', 'SharedMap']],
    [
      ['hits', 'SharedMap'],
      ['speed', 'SharedCache, two threads over one: numbers '],
      ['pauses', '100,000 entries end at once'],
    ],
  ),
)(
  'measures %s',
  (part, said) => {
    const { status, stdout, stderr } = run(
      '--only',
      part,
      '--rounds',
      '1',
      '--operations',
      '2000',
      '--rival',
      'tophash,tophash-cache',
    )
    expect(stderr).not.toMatch(/bench: cache/)
    expect(stdout).toContain(`\n${part}\n`)
    expect(stdout).toContain(said)
    expect(stdout).toMatch(/^\| SharedCache \| .*\d/m)
    expect(status).toBe(0)
  },
  TIMEOUT_MS,
)

it.each([['--only', 'all'], ['--rival', 'redis'], ['--rounds', '0'], ['--color']])('refuses %s %s', (...args) => {
  const { status, stdout, stderr } = run(...args.filter(Boolean))
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/\w/)
  expect(stderr).not.toContain('    at ')
})

it('says what it can do', () => {
  const { status, stdout } = run('--help')
  expect(status).toBe(0)
  expect(stdout).toContain('--write')
})
