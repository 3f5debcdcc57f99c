// Runs every workload with few entries, so that none of them can rot unnoticed; and lets contenders lie.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { Report, Result } from '../../bench/harness/results.js'
import { isFull, sized } from '../support/size.js'
import { WORKLOAD_NAMES } from '../../bench/workloads/index.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BUILT = path.join(ROOT, 'build/bench')
const TIMEOUT_MS = 120_000
const TINY = { operations: 2_000, rounds: 2 }
const TINY_OPTIONS = ['--operations', '2000', '--rounds', '1', '--size', '300', '--threads', '2']
/** One variant of a workload that everyone can do. */
const ONE = ['--workload', 'seed-ratio', '--keys', 'seen', '--reads', '90']

/** Of the workloads, for `npm test`; what they all plan is looked at in workloads.test.ts. */
const SOME = ['seed-ratio', 'cache']

const bench = (await import(pathToFileURL(path.join(BUILT, 'bench.js')).href)) as typeof import('../../bench/bench.js')
const options = (await import(pathToFileURL(path.join(BUILT, 'options.js')).href)) as typeof import('../../bench/options.js')
const folder = mkdtempSync(path.join(tmpdir(), 'tophash-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('every workload runs, with few entries', () => {
  it.each(sized(SOME, WORKLOAD_NAMES))(
    '%s',
    async (name) => {
      const asked = { size: [300], ...(name === 'seed-ratio' && { reads: [90], keys: ['fresh' as const], threads: [2] }) }
      const rivals = name.startsWith('cache') ? ['tophash-cache', 'lru-cache'] : ['tophash', 'map', 'bitset']
      const { results } = await bench.runBench({ ...TINY, workloads: [name], rivals, asked })
      expect(results.length).toBeGreaterThan(0)
      for (const result of results) {
        expect(result).toMatchObject({ workload: name, variant: { size: 300 } })
        expect(result.contenders[0]!.rival).toBe(rivals[0])
        expectSound(result)
      }
    },
    TIMEOUT_MS,
  )

  it.each(sized([] as const, ['number', 'wide', 'seen', 'long', 'padded'] as const))(
    'with %s keys',
    async (keys) => {
      const { results } = await bench.runBench({
        ...TINY,
        workloads: ['exchange'],
        rivals: ['tophash', 'map'],
        asked: { size: [300], threads: [2], keys: [keys] },
      })
      for (const result of results) expectSound(result)
    },
    TIMEOUT_MS,
  )
})

describe('another Node', () => {
  it.each([[['--node', '24', '--full']], [['--node=24', '--full']], [['--full', '--node=24']]])(
    'does what remains of %j',
    (args) => {
      expect(options.readOptions(args)).toMatchObject({ node: { version: '24', args: ['--full'] } })
    },
  )

  it('is named by its version', () => {
    expect(() => options.readOptions(['--node', '24; ls'])).toThrow('--node takes a version such as 24, not 24; ls')
  })
})

describe.runIf(isFull)('every rival of JavaScript', () => {
  it.each(['postmessage', 'sharedmap', 'lmdb', 'ems'])(
    '%s does its work, or it is said how to get it',
    async (rival) => {
      const asked = { size: [300], threads: [2], keys: ['seen' as const], reads: [50] }
      const report = await bench.runBench({ ...TINY, workloads: ['seed-ratio', 'seed-state'], rivals: ['tophash', rival], asked })
      const missing = report.skipped.find((one) => one.rival === rival)
      if (missing) return expect(missing.remedy).toBe('npm ci --prefix bench')
      for (const result of report.results) {
        expect(result.contenders.map((one) => one.rival)).toEqual(['tophash', rival])
        expectSound(result)
      }
    },
    TIMEOUT_MS,
  )

  it.each(['postmessage', 'sharedmap', 'lmdb'])(
    '%s counts with two threads, if it is there',
    async (rival) => {
      const { results } = await bench.runBench({
        ...TINY,
        workloads: ['counters'],
        rivals: ['tophash', rival],
        asked: { size: [3], threads: [2] },
      })
      for (const result of results) expectSound(result)
    },
    TIMEOUT_MS,
  )
})

/** Arguments, and what is said of them. */
const REFUSED: readonly (readonly [string[], string])[] = [
  [['--against', 'nowhere'], '--against takes the dist folder of a build'],
  [['--size', 'many'], "--size takes a whole number from 1 to 16000000, not 'many'"],
  [['--size', '0'], "not '0'"],
  [['--threads', '65'], '--threads takes a whole number from 1 to 64'],
  [['--reads', '101'], '--reads takes a whole number from 0 to 100'],
  [['--rounds', '1.5'], "not '1.5'"],
  [['--rounds'], '--rounds'],
  [['--workload', 'nothing'], "--workload 'nothing' is not known; there are seed-store, "],
  [['--rival', 'map,redis'], "--rival 'redis' is not known; there are tophash, map, "],
  [['--keys', 'short'], "--keys 'short' is not known; there are number, wide, "],
  [['--case', 'E'], "--case 'E' is not known; there are insert, "],
  [['--workload', 'hot', '--reads', '90'], 'No workload is left'],
  [['--colour'], "'--colour'"],
  [['hot'], "'hot'"],
]

describe('on the command line', () => {
  it(
    'prints tables to stdout and progress to stderr',
    () => {
      const { status, stdout, stderr } = run(...TINY_OPTIONS, ...ONE, '--rival', 'tophash,map')
      expect(stderr).toContain('seed-ratio: seen keys, 300, 90 % reads, uniform, 2 threads\n')
      expect(stdout).toMatch(/^tophash \d+\.\d+\.\d+.*, Node\.js \d+/)
      expect(stdout).toContain('a short run, rounds: 1 after warming up, seed 1, ')
      expect(stdout).toMatch(/^Reads and writes \(seed-ratio\): seen keys, 300, 90 % reads, uniform, 2 threads$/m)
      expect(stdout).toMatch(/^ {2}tophash .+ 1\.00$/m)
      expect(stdout).toMatch(/^ {2}Map +[\d,.]+ /m)
      expect(stdout).toContain('Map: one thread does the work of all')
      expect(status).toBe(0)
    },
    TIMEOUT_MS,
  )

  it.runIf(isFull)(
    'prints JSON for programs, or writes it to a file',
    () => {
      const file = path.join(folder, 'report.json')
      const options = [...TINY_OPTIONS, ...ONE, '--rival', 'map']
      const printed = run(...options, '--json')
      const written = run(...options, '--json', file)
      const [report, other] = [printed.stdout, readFileSync(file, 'utf8')].map((text) => JSON.parse(text) as Report)
      expect(report!.environment.runtime).toContain(process.versions.node)
      expect(report!.settings).toMatchObject({ full: false, rounds: 1, filters: { rival: ['map'], size: [300] } })
      expect(report!.results.map(({ variant }) => variant)).toEqual(other!.results.map(({ variant }) => variant))
      expect(written.stdout).toContain('Reads and writes (seed-ratio)')
      expect([printed.status, written.status]).toEqual([0, 0])
    },
    TIMEOUT_MS,
  )

  it.runIf(isFull)(
    'compares with another build of the library',
    () => {
      const { status, stdout } = run(
        ...TINY_OPTIONS,
        ...ONE,
        '--rival',
        'tophash',
        '--json',
        '--against',
        path.join(ROOT, 'dist'),
      )
      const [result] = (JSON.parse(stdout) as Report).results
      expect(result!.contenders.map(({ rival }) => rival)).toEqual(['tophash', 'against'])
      expectSound(result!)
      expect(status).toBe(0)
    },
    TIMEOUT_MS,
  )

  it(
    'leaves out who is not there, and says how to get it',
    () => {
      const options = [...TINY_OPTIONS, ...ONE, '--rival', 'tophash,go-sync-map,java-concurrent-hash-map']
      const { status, stdout, stderr } = runWith({ PATH: folder }, ...options)
      expect(stderr).toMatch(/^bench: without go-sync-map: its toolchain is not there\. To have it: .*go\.dev/m)
      expect(stdout).toMatch(/^without java-concurrent-hash-map: .*JDK/m)
      expect(status).toBe(0)
    },
    TIMEOUT_MS,
  )

  it('lists what it would measure', () => {
    const { status, stdout } = run('--list', '--full')
    expect(stdout).toContain('\nycsb: D, seen keys, 100,000, 2 threads; 9 contenders, rounds: 5\n')
    expect(stdout).toMatch(/^\d+ measurements, some \d+ minutes if all contenders are there$/m)
    expect(status).toBe(0)
    expect(run('--list', '--workload', 'hot', '--rival', 'map').stdout).toMatch(/^hot: .* map, rounds: 3\n1 measurements/)
  })

  it.each(REFUSED.filter((_, index) => index % sized(6, 1) === 0))('refuses %j', (args, message) => {
    const { status, stdout, stderr } = run(...args)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('bench: ')
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  it('names everything in --help', () => {
    const { status, stdout, stderr } = run('--help')
    expect([status, stderr]).toEqual([0, ''])
    for (const name of [...WORKLOAD_NAMES, 'tophash', 'lmdb', 'go-xsync', 'fresh']) expect(stdout).toContain(`\n  ${name}`)
  })
})

/** What is wrong, with which workload it is tried, how, and how it is told. */
const LIES: readonly (readonly [string, string, string, string])[] = [
  ['a wrong value', 'seed-ratio', 'get: (key) => original.get.call(map, key) + (key === "key_7" ? 1 : 0)', 'sum is '],
  ['no value', 'seed-ratio', 'get: () => undefined', 'hits is 0, not '],
  ['no insert', 'seed-store', 'set: (key, value) => key === "key_7" ? map : original.set.call(map, key, value)', 'content is '],
  ['no remove', 'exchange', 'delete: () => true', 'content is '],
  ['a remove of nothing', 'exchange', 'delete: (key) => !original.delete.call(map, key)', 'removed is 0, not '],
  ['no count', 'counters', 'increment: (key) => ++calls === 9 ? 0 : original.increment.call(map, key)', 'content is '],
  ['an idle thread', 'seed-grow', 'set: (...entry) => threadId === 2 ? map : original.set.apply(map, entry)', 'content is '],
  ['half a scan', 'scan', 'values: () => [...original.values.call(map)].slice(1)', 'sum is '],
]

const LIES_OF_CACHES: readonly (readonly [string, string, string])[] = [
  ['the value of another key', 'get: (key) => original.get.call(map, key) && 5', 'has the value of rank 5'],
  ['nothing is kept', 'get: () => undefined', 'cache: SharedCache, round 0: hits is 0, not '],
]

describe('a contender that does not do the work', () => {
  it.each(LIES.slice(0, sized(1, LIES.length)))(
    'is found out: %s',
    (_, workload, lie, message) => {
      const { status, stdout, stderr } = run('--import', liar(lie), ...TINY_OPTIONS, '--workload', workload, '--rival', 'tophash')
      expect(stderr).toContain(`bench: ${workload}: tophash, round 0: ${message}`)
      expect(stdout).toBe('')
      expect(status).toBe(1)
    },
    TIMEOUT_MS,
  )

  it.each(LIES_OF_CACHES.slice(0, sized(1, LIES_OF_CACHES.length)))(
    'is found out, if it is a cache: %s',
    (_, lie, message) => {
      const options = [...TINY_OPTIONS, '--workload', 'cache', '--rival', 'tophash-cache']
      const { status, stderr } = run('--import', liar(lie, 'SharedCache'), ...options)
      expect(stderr).toContain(message)
      expect(status).toBe(1)
    },
    TIMEOUT_MS,
  )

  it.runIf(isFull)(
    'may fail altogether, which stops the threads that wait for it',
    () => {
      const failure = "set: () => { if (threadId === 2) throw new Error('no more'); return map }"
      const options = [...TINY_OPTIONS, '--workload', 'seed-grow', '--rival', 'tophash,map']
      const { status, stdout, stderr } = run('--import', liar(failure), ...options)
      expect(stderr).toContain('bench: seed-grow: tophash: Error: no more')
      expect([status, stdout]).toEqual([1, ''])
    },
    TIMEOUT_MS,
  )
})

/** All figures are there, and all contenders that did all of the work found the same. */
function expectSound({ unit, contenders, workload }: Result): void {
  const rounds = contenders[0]!.samples.length
  for (const one of contenders) {
    expect(one.samples).toHaveLength(rounds)
    expect(one.version).not.toBe('')
    if (unit === 'bytes') expect(one.bytesPerEntry!.median).toBeTypeOf('number')
    else expectPositive(...one.samples, one.nanoseconds!.median, one.rate!, one.operations!, one.ratio!.median)
    if (workload === 'seed-grow') expect(one.latency!.samples).toBe(one.operations)
    if (one.latency) {
      const { p50, p90, p99, p999, max } = one.latency
      expect([p50, p90, p99, p999, max].toSorted((a, b) => a - b)).toEqual([p50, p90, p99, p999, max])
      expectPositive(max)
    }
  }
  expect(
    new Set(contenders.filter(({ limited, rival }) => !limited && rival !== 'bitset').map(({ checksum }) => checksum)).size,
  ).toBe(1)
}

/** A module that replaces methods of a class, in every process and thread of the run. */
function liar(lie: string, collection = 'SharedMap'): string {
  const file = path.join(folder, `liar-${lie.length}.mjs`)
  writeFileSync(
    file,
    `
    import { threadId } from 'node:worker_threads'
    import { ${collection} } from ${JSON.stringify(pathToFileURL(path.join(ROOT, 'dist/index.js')).href)}
    const { get, set, delete: remove, increment, values } = ${collection}.prototype
    const original = { get, set, delete: remove, increment, values }
    let calls = 0
    const lies = (map) => ({ ${lie} })
    for (const name of Object.keys(lies())) {
      ${collection}.prototype[name] = function (...args) { return lies(this)[name](...args) }
    }`,
  )
  return pathToFileURL(file).href
}

function run(...args: string[]) {
  return runWith({}, ...args)
}

/** Options of Node's own, such as --import, go before the program. */
function runWith(environment: NodeJS.ProcessEnv, ...args: string[]) {
  const own = args[0] === '--import' ? args.splice(0, 2) : []
  const argv = [...own, path.join(BUILT, 'run.js'), ...args]
  return spawnSync(process.execPath, argv, { encoding: 'utf8', timeout: TIMEOUT_MS, env: { ...process.env, ...environment } })
}

function expectPositive(...figures: number[]): void {
  for (const figure of figures) expect(Number.isFinite(figure) && figure > 0, String(figure)).toBe(true)
}
