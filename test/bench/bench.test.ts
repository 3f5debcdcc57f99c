// The benchmark, tiny, so that it cannot rot: that it runs, verifies and reports, not how fast anything is.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../bench/bench.js'
import { WORKLOAD_NAMES } from '../../bench/workloads/index.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BUILT = path.join(ROOT, 'build/bench')
const TIMEOUT_MS = 60_000
const TINY = ['--size', '1000', '--rounds', '1']

let bench: typeof import('../../bench/bench.js')
let folder: string

beforeAll(async () => {
  if (!existsSync(path.join(BUILT, 'run.js'))) throw new Error('Run `npm run build` first: this runs what it has built.')
  bench = await import(pathToFileURL(path.join(BUILT, 'bench.js')).href)
  folder = mkdtempSync(path.join(tmpdir(), 'tophash-bench-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('runBench', () => {
  it.each(WORKLOAD_NAMES)('measures %s and verifies the work', async (name) => {
    const rounds: number[] = []
    const report = await bench.runBench({ size: 1000, rounds: 2, only: [name] }, (_, __, round) => rounds.push(round))
    expect(report.workloads.map((workload) => workload.name)).toEqual([name])
    const { rows } = report.workloads[0]!
    expect(rounds).toEqual(rows.flatMap(() => [0, 1, 2]))
    for (const row of rows) {
      expect(row.checksum).toBeGreaterThan(0)
      expectPositive(row.ratio.median, row.ratio.min, row.ratio.max)
      for (const { nanoseconds, samples } of row.results) {
        expect(samples).toHaveLength(2)
        expectPositive(nanoseconds.median, ...samples)
      }
      expect(row.met).toBe(row.target === undefined ? undefined : row.ratio.median >= row.target)
    }
  }, TIMEOUT_MS)

  it('takes keys from the whole range of integers', async () => {
    const report = await bench.runBench({ size: 1000, rounds: 1, keyRange: 'wide', only: ['numbers', 'threads-numbers'] })
    expect(report.settings.keyRange).toBe('wide')
    expect(report.workloads.flatMap(({ rows }) => rows.map((row) => row.name))).toEqual([
      'get', 'set existing key', 'insert from empty', 'get', 'insert new keys from empty',
    ])
  }, TIMEOUT_MS)
})

describe('on the command line', () => {
  it('prints a table to stdout and progress to stderr', () => {
    const { status, stdout, stderr } = run(...TINY, '--only', 'numbers')
    expect(stdout).toMatch(/^tophash \d+\.\d+\.\d+, Node\.js \d+/)
    expect(stdout).toContain('1,000 entries, dense number keys, rounds: 1, ')
    expect(stdout).toMatch(/^ {4}Map +[\d.]+ [nu]s {3}\(.+ to .+\)$/m)
    expect(stdout).toMatch(/^ {4}ratio +\d+\.\d\d x .+ target 1\.50 x: (met|missed)$/m)
    expect(stderr).toBe('numbers: get\nnumbers: set existing key\nnumbers: insert from empty\n')
    expect(status).toBe(0)
  }, TIMEOUT_MS)

  it('prints JSON for programs', () => {
    const { status, stdout } = run(...TINY, '--json', '--only', 'longest-insert', '--only', 'small')
    const report = JSON.parse(stdout) as Report
    expect(report.environment.runtime).toContain(process.versions.node)
    expect(report.workloads.map(({ name }) => name)).toEqual(['longest-insert', 'small'])
    expect(Object.keys(report.workloads[0]!.rows[0]!.results[0].also)).toEqual(['p50', 'p99', 'p99.9', 'longest collection'])
    expect(status).toBe(0)
  }, TIMEOUT_MS)

  it('compares with another build of the library', () => {
    const { status, stdout } = run(...TINY, '--only', 'numbers', '--against', path.join(ROOT, 'dist'))
    expect(stdout).toMatch(/^ {4}other build +[\d.]+ [nu]s /m)
    expect(stdout).not.toContain('target')
    expect(stdout).not.toMatch(/^ {4}Map /m)
    expect(status).toBe(0)
  }, TIMEOUT_MS)

  it.each([
    [['--against', 'nowhere'], '--against takes the dist folder of a build'],
    [['--size', 'many'], "--size takes a whole number from 10 to 16000000, not 'many'"],
    [['--size', '9'], "not '9'"],
    [['--rounds', '0'], "--rounds takes a whole number from 1 to 1000, not '0'"],
    [['--rounds', '1.5'], "not '1.5'"],
    [['--rounds'], '--rounds'],
    [['--only', 'nothing'], "There is no workload 'nothing'; there are numbers, "],
    [['--key-range', 'long'], "--key-range takes dense or wide, not 'long'"],
    [['--colour'], "'--colour'"],
    [['numbers'], "'numbers'"],
  ])('refuses %j', (args, message) => {
    const { status, stdout, stderr } = run(...args)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(`bench: `)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  it('names every workload in --help', () => {
    const { status, stdout, stderr } = run('--help')
    expect([status, stderr]).toEqual([0, ''])
    for (const name of WORKLOAD_NAMES) expect(stdout).toContain(`\n  ${name} `)
  })
})

describe('a contender that does not do the work', () => {
  it.each([
    ['a wrong value', 'numbers', 'get: (key) => original.get.call(map, key) + (key === 7 ? 1 : 0)', 'after filling: '],
    ['no value', 'fresh-strings', 'get: () => undefined', 'after filling: the checksum of tophash is NaN'],
    ['an old value', 'small', 'set: (...entry) => entry[0] === 7 && ++calls > 1 ? map : set(entry)', 'set existing key, '],
    ['no delete', 'small', 'delete: () => true', 'insert one, delete one, round 0: the checksum of tophash is NaN'],
    ['one idle thread', 'threads-numbers', 'set: (...entry) => threadId === 2 ? map : set(entry)', 'get, round 0: '],
  ])('is found out: %s', (_, workload, lie, message) => {
    const { status, stdout, stderr } = run('--import', liar(lie), ...TINY, '--only', workload)
    expect(stderr).toContain(`bench: ${workload}: ${message}`)
    expect(stdout).toBe('')
    expect(status).toBe(1)
  }, TIMEOUT_MS)

  it('may fail altogether, which stops the threads that wait for it', () => {
    const failure = "set: () => { if (threadId === 2) throw new Error('no more'); return map }"
    const { status, stdout, stderr } = run('--import', liar(failure), ...TINY, '--only', 'threads-strings')
    expect(stderr).toContain('bench: threads-strings: Error: no more')
    expect([status, stdout]).toEqual([1, ''])
  }, TIMEOUT_MS)
})

/** A module that replaces one method of SharedMap, in every process and thread of the run. */
function liar(lie: string): string {
  const file = path.join(folder, `liar-${lie.length}.mjs`)
  writeFileSync(file, `
    import { threadId } from 'node:worker_threads'
    import { SharedMap } from ${JSON.stringify(pathToFileURL(path.join(ROOT, 'dist/index.js')).href)}
    const original = { get: SharedMap.prototype.get, set: SharedMap.prototype.set }
    let calls = 0
    const lies = (map, set = (entry) => original.set.apply(map, entry)) => ({ ${lie} })
    for (const name of Object.keys(lies())) {
      SharedMap.prototype[name] = function (...args) { return lies(this)[name](...args) }
    }`)
  return pathToFileURL(file).href
}

/** Options of Node's own, such as --import, go before the program. */
function run(...args: string[]) {
  const own = args[0] === '--import' ? args.splice(0, 2) : []
  const argv = [...own, path.join(BUILT, 'run.js'), ...args]
  return spawnSync(process.execPath, argv, { encoding: 'utf8', timeout: TIMEOUT_MS })
}

function expectPositive(...figures: number[]): void {
  for (const figure of figures) expect(Number.isFinite(figure) && figure > 0, String(figure)).toBe(true)
}
