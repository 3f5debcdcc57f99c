// The programs of other languages must find what the streams say (replay.ts), with every operation, kind of keys and
// way to run that plans know. They are built here where their toolchains are.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Interface, createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type NativeLanguage, type NativeProgram, buildNative, remedyOf } from '../../bench/native/build.js'
import { NATIVE_LANGUAGES, NATIVE_RIVALS } from '../../bench/native/rivals.js'
import { sized } from '../support/size.js'
import { writePlan } from '../../bench/streams/files.js'
import { KEY_KINDS, newKeyMaker } from '../../bench/streams/keys.js'
import {
  GET,
  INCREMENT,
  LOAD,
  MODIFY,
  REMOVE,
  SCAN,
  SET,
  type Plan,
  encodePlan,
  operationOf,
  operationsOf,
} from '../../bench/streams/plan.js'
import { type Draw, newDraw } from '../../bench/streams/random.js'
import { type Outcome, replay } from '../../bench/streams/replay.js'

const KEYS = 500
const OPERATIONS = 2_000
const LIMIT = 1_234

const folder = mkdtempSync(path.join(tmpdir(), 'tophash-native-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What a program says of a round, beside what it found. */
interface Round extends Outcome {
  nanoseconds: number
  threads: { nanoseconds: number; operations: number; samples?: number }[]
}

const PLANS: Record<string, Plan> = {
  ...Object.fromEntries(KEY_KINDS.map((keyKind) => [`keys: ${keyKind}`, planOf({ keyKind })])),
  'nothing at all': planOf({ keyCount: 0, streams: [new Uint32Array(), new Uint32Array()] }),
  presize: planOf({ presize: true, prefill: KEYS }),
  booleans: planOf({ valueKind: 'boolean', keyKind: 'seen' }),
  loops: planOf({ loops: 3 }),
  tasks: planOf({ streams: streamsOf(30, 100, drawOwn) }),
  'tasks with fresh strings': planOf({ keyKind: 'fresh', streams: streamsOf(30, 100, drawOwn) }),
  'more threads': planOf({ threads: 5, streams: streamsOf(5, OPERATIONS, drawOwn) }),
  'more than a batch of fresh strings': planOf({ keyKind: 'fresh', streams: streamsOf(2, 15_000, drawOwn) }),
  counters: planOf({ counters: true, prefill: 10, streams: streamsOf(2, OPERATIONS, drawCount) }),
  'counters under strings': planOf({ counters: true, keyKind: 'padded', streams: streamsOf(2, OPERATIONS, drawCount) }),
  'scan of numbers': planOf({ streams: [scans(3), new Uint32Array()], prefill: KEYS }),
  'scan of booleans': planOf({ streams: [scans(3), scans(2)], prefill: KEYS, keyKind: 'long', valueKind: 'boolean' }),
  'scan in the background': planOf({ background: true, prefill: KEYS, streams: [readsOf(OPERATIONS), scans(5)] }),
  'scan before others that write': planOf({ background: true, prefill: KEYS, streams: [scans(3), writesOf(100)] }),
}

const say = (text: string): void => console.info(text)
/** To build them takes a minute, the first time: that is for `npm run test:all`. */
const languages = sized<readonly NativeLanguage[]>([], NATIVE_LANGUAGES)
const programs = await Promise.all(languages.map((language) => buildNative(language, say)))

for (const [i, language] of languages.entries()) {
  const program = programs[i]
  if (!program && process.env.CI) throw new Error(`no toolchain for ${language}: ${remedyOf(language)}`)
  if (program) describeProgram(language, program)
  else it.skip(`${language}: ${remedyOf(language)}`, () => {})
}

it('names no registry but those that everybody has', () => {
  const lock = readFileSync(new URL('../../bench/native/rust/Cargo.lock', import.meta.url), 'utf8')
  const sources = new Set(lock.match(/^source = .*$/gm))
  expect([...sources]).toEqual(['source = "registry+https://github.com/rust-lang/crates.io-index"'])
})

function describeProgram(language: NativeLanguage, program: NativeProgram): void {
  it(`${language} is not built again`, async () => {
    vi.resetModules()
    const again = await import('../../bench/native/build.js')
    const start = vi.fn()
    expect(await again.buildNative(language, start)).toEqual(program)
    expect(start).not.toHaveBeenCalled()
  })

  it(`${language} knows its rivals only`, () => {
    for (const wrong of [['hashtable'], [], ['a', 'b']]) {
      const { status, stderr } = spawnSync(program.command, [...program.args, ...wrong], { encoding: 'utf8' })
      expect(status).toBe(2)
      expect(stderr).toMatch(/^usage: /)
    }
  })

  for (const { name, caches } of NATIVE_RIVALS.filter((rival) => rival.language === language)) {
    describe(name, () => (caches ? describeCache(program, name) : describeRival(program, name)))
  }
}

function describeRival(program: NativeProgram, name: string): void {
  let contender: Contender
  beforeAll(() => {
    contender = new Contender(program, name)
  })
  afterAll(() => contender.end())

  it.each(Object.keys(PLANS))('%s', async (title) => {
    const plan = PLANS[title]!
    await contender.load(plan)
    for (const limit of [0, LIMIT]) {
      const round = await contender.ask<Round>(`round ${limit} -`)
      expect(round).toMatchObject(expected(plan, limit, round))
      expect(round.threads.length).toBeGreaterThanOrEqual(plan.threads) // Go has a goroutine for each task
      expect(Math.max(...round.threads.map((thread) => thread.nanoseconds))).toBeGreaterThanOrEqual(round.nanoseconds)
    }
  })

  it.each([
    ['every operation', planOf({ loops: 2 })],
    ['every seventh', planOf({ loops: 2, sampleEvery: 7 })],
    ['every seventh of tasks with fresh strings', planOf({ ...PLANS['tasks with fresh strings'], sampleEvery: 7 })],
    ['the measured stream', planOf({ background: true, prefill: KEYS, streams: [readsOf(500), writesOf(50)] })],
  ])('latencies: %s', async (_, plan) => {
    await contender.load(plan)
    for (const limit of [0, LIMIT]) {
      const file = path.join(folder, `${name}.latencies`)
      const round = await contender.ask<Round>(`round ${limit} ${file}`)
      expect(round).toMatchObject(expected(plan, limit, round))
      const measured = plan.background ? plan.streams.slice(0, 1) : plan.streams
      const samples = measured.map((_, stream) => Math.ceil(operationsOf(plan, stream, limit) / plan.sampleEvery))
      expect(sum(round.threads.map((thread) => thread.samples ?? 0))).toBe(sum(samples))
      const bytes = readFileSync(file)
      expect(bytes.length).toBe(4 * sum(samples))
      const longest = Math.max(...Array.from({ length: sum(samples) }, (_, i) => bytes.readUInt32LE(4 * i)))
      expect(longest).toBeLessThanOrEqual(Math.max(...round.threads.map((thread) => thread.nanoseconds)))
    }
  })

  it('makes the keys that all make', async () => {
    for (const [place, kind] of KEY_KINDS.entries()) {
      for (const rank of [1, 7, 499, 65_536, 16_777_214]) {
        expect(await contender.ask(`key ${place} ${rank}`)).toEqual({ key: newKeyMaker(kind)(rank) })
      }
    }
  })

  it.each(['wide', 'padded'] as const)('says what entries take: %s', async (kind) => {
    const other = new Contender(program, name) // in one that has freed memory, nothing is added to what is resident
    const place = KEY_KINDS.indexOf(kind)
    const { bytesPerEntry, rssBytes } = await other.ask<Record<string, number>>(`memory ${place} 100000`)
    await other.end()
    expect(bytesPerEntry).toBeGreaterThan(8)
    expect(bytesPerEntry).toBeLessThan(500)
    expect(rssBytes).toEqual(expect.any(Number))
  })

  it('says what is wrong, and goes on', async () => {
    const fresh = new Contender(program, name)
    const bytes = encodePlan(PLANS['keys: seen']!)
    const wrong = [
      `load ${path.join(folder, 'missing')}`,
      `load ${fileOf(bytes.subarray(0, 20))}`,
      `load ${fileOf(bytes.subarray(0, -4))}`,
      `load ${fileOf(bytes.map((byte, i) => (i === 0 ? 65 : byte)))}`,
      `load ${fileOf(bytes.map((byte, i) => (i === 8 ? 6 : byte)))}`,
      `load ${fileOf(encodePlan(planOf({ streams: [Uint32Array.of(operationOf(7, 0)), new Uint32Array()] })))}`,
      `load ${fileOf(encodePlan(planOf({ streams: [Uint32Array.of(operationOf(GET, KEYS)), new Uint32Array()] })))}`,
      `load ${fileOf(encodePlan(planOf({ streams: [Uint32Array.of(operationOf(INCREMENT, 0)), new Uint32Array()] })))}`,
      `load ${fileOf(encodePlan(planOf({ counters: true })))}`,
      `load ${fileOf(encodePlan(planOf({ threads: 3 })))}`,
      'round 0 -',
      'round',
      'round x -',
      'memory',
      'memory 6 1',
      'memory 0 0',
      'key 0',
      'jump',
      '',
    ]
    for (const line of wrong) expect(await fresh.ask(line), line).toEqual({ error: expect.stringMatching(/\w/) })
    await fresh.load(PLANS['keys: seen']!)
    expect(await fresh.ask<Round>('round 0 -')).toMatchObject({ operations: 2 * OPERATIONS })
    expect(await fresh.end()).toBe(0)
  })
}

/** What it keeps is its own affair, but not more than it may, nor anything under another key. */
function describeCache(program: NativeProgram, name: string): void {
  it.each(['number', 'seen', 'fresh'] as const)('loads, with keys: %s', async (keyKind) => {
    const contender = new Contender(program, name)
    const streams = streamsOf(2, OPERATIONS, (draw) => operationOf(LOAD, draw(KEYS)))
    const plan = planOf({ keyKind, streams, prefill: 50, bound: 100 })
    await contender.load(plan)
    const { operations, hits, size } = await contender.ask<Round>('round 0 -')
    expect(operations).toBe(2 * OPERATIONS)
    expect(hits).toBeGreaterThan(0)
    expect(hits).toBeLessThanOrEqual(replay(plan).hits)
    expect(size).toBeLessThanOrEqual(100)
    expect(await contender.end()).toBe(0)
  })

  it('loads nothing where there is no bound', async () => {
    const contender = new Contender(program, name)
    const streams = streamsOf(2, 10, (draw) => operationOf(LOAD, draw(KEYS)))
    expect(await contender.ask(`load ${fileOf(encodePlan(planOf({ streams })))}`)).toEqual({ error: expect.stringMatching(/\w/) })
    expect(await contender.end()).toBe(0)
  })
}

/** What it must have found; sync.Map cannot say how many entries it has. */
function expected(plan: Plan, limit: number, round: Round): Outcome {
  const outcome = replay(plan, limit)
  return round.size === -1 ? { ...outcome, size: -1 } : outcome
}

function planOf(parts: Partial<Plan>): Plan {
  const plan: Plan = {
    keyKind: 'number',
    valueKind: 'number',
    keyCount: KEYS,
    prefill: KEYS / 2,
    threads: 2,
    counters: false,
    background: false,
    presize: false,
    sampleEvery: 1,
    loops: 1,
    bound: 0,
    streams: streamsOf(2, OPERATIONS, drawOwn),
    ...parts,
  }
  return plan.keyCount === 0 ? { ...plan, prefill: 0 } : plan
}

type DrawOperation = (draw: Draw, stream: number, of: number) => number

function streamsOf(count: number, length: number, drawOperation: DrawOperation): Uint32Array[] {
  const draw = newDraw(count)
  const streamAt = (stream: number) => Uint32Array.from({ length }, () => drawOperation(draw, stream, count))
  return Array.from({ length: count }, (_, stream) => streamAt(stream))
}

/** Of ranks that no other stream touches. */
function drawOwn(draw: Draw, stream: number, of: number): number {
  const rank = stream + of * draw(Math.floor((KEYS - stream - 1) / of) + 1)
  return operationOf([GET, SET, REMOVE, MODIFY][draw(4)]!, rank)
}

/** Of shared ones. Hits are counted, so each stream reads and removes one counter that is its own. */
function drawCount(draw: Draw, stream: number): number {
  const turn = draw(10)
  if (turn === 0) return operationOf(REMOVE, KEYS - 1 - stream)
  if (turn === 1) return operationOf(INCREMENT, KEYS - 1 - stream)
  if (turn === 2) return operationOf(GET, KEYS - 1 - stream)
  return operationOf(INCREMENT, draw(10) * draw(10))
}

function readsOf(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, i) => operationOf(GET, i % KEYS))
}

function writesOf(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, i) => operationOf([SET, MODIFY][i % 2]!, i % KEYS))
}

function scans(length: number): Uint32Array {
  return new Uint32Array(length).fill(operationOf(SCAN, 0))
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

let files = 0

function fileOf(bytes: Uint8Array): string {
  const file = path.join(folder, `${files++}.plan`)
  writeFileSync(file, bytes)
  return file
}

/** A process that is asked line by line. */
class Contender {
  readonly #process: ChildProcess
  readonly #lines: Interface

  constructor({ command, args }: NativeProgram, name: string) {
    this.#process = spawn(command, [...args, name], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface(this.#process.stdout!)
  }

  async load(plan: Plan): Promise<void> {
    const file = path.join(folder, 'a name with spaces.plan')
    writePlan(file, plan)
    const version = expect.stringMatching(/\d+\.\d+/)
    expect(await this.ask(`load ${file}`)).toEqual({ ok: true, rival: expect.any(String), version })
  }

  async ask<T>(line: string): Promise<T> {
    const answer = once(this.#lines, 'line')
    this.#process.stdin!.write(`${line}\n`)
    return JSON.parse((await answer)[0])
  }

  /** Returns the exit code. */
  async end(): Promise<number> {
    const exit = once(this.#process, 'exit')
    this.#process.stdin!.write('quit\n')
    return (await exit)[0]
  }
}
