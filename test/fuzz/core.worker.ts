// Calls every export of a core with wrong arguments, in a thread that shares a heap with another one. A call returns, or
// ends with a trap; then nothing is locked, the other thread works as if nothing had been, and every byte of the heap is
// accounted for.
import type { CoreExports } from '../../src/core/exports.js'
import { ENTRIES, MANY, OF_QUEUES, UNIVERSAL, allBad, badOf, goodOf, placesIn, spoilBatch, spoilOperands } from './entries.js'
import { beginCase, end, factor, layout, note, oneOf, random, task } from './task.js'
import { type Thread, World, directoryOf, exportsOf, loadCore, slotOf } from './world.js'

const { HEADER, LIMITS, STATUS } = layout
const RANDOM_CALLS = 12_000
/** Exports after which the world is another one, if they do what they are for. */
const CHANGING: ReadonlySet<string> = new Set<keyof CoreExports>([
  'detachThread',
  'closeCollection',
  'deleteCollection',
  'claimCollection',
  'createCollection',
  'newBlock',
  'reserve',
  'openCollection',
  'closeQueue',
])
/** After so many other calls there is a new one all the same. */
const CALLS_PER_WORLD = 300

const module = loadCore(task.core as string)
type Name = keyof CoreExports
const names = Object.keys(ENTRIES) as Name[]

let world = new World(module)
let places = placesIn(world)
let calls = 0

function renew(): void {
  world = new World(module)
  places = placesIn(world)
  calls = 0
}

/** Calls an export, and sees that nothing has happened that should not. */
function attempt(name: Name, thread: Thread, args: number[]): void {
  if (UNIVERSAL.has(name) && thread !== world.attacker) spoilOperands(thread, places)
  if (MANY.has(name) && thread !== world.attacker) spoilBatch(thread, places)
  const loose = thread.scratch !== 0 && random(4) === 0 ? ask(thread, args) : 0
  beginCase(`${name}(${args.join(', ')})${thread === world.attacker ? ' unattached' : ''}`)
  const before = witnessed()
  let isTrapped = false
  try {
    const result: unknown = (thread.core[name] as (...args: number[]) => unknown)(...args)
    noteResult(name, thread, result)
    if (name === 'pin' && result === STATUS.found) endPin(thread)
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error
    isTrapped = true
    note('trapped')
  }
  if (thread.scratch !== 0) {
    if (isTrapped || name === 'newBlock') expectEqual(thread.core.mend(), 0, 'mend()') // gives the block back, too
    thread.core.unpin() // if it holds a chain
    if (loose !== 0) thread.core.dropBlock(loose)
  }
  expectEqual(witnessed(), before, 'what belongs to the other thread')
  verify()
  const isAttached = thread === world.attacker && name === 'attachThread'
  if (CHANGING.has(name) || isAttached || ++calls > CALLS_PER_WORLD) renew()
}

/** Does what only a thread can do that holds a chain. */
function endPin(thread: Thread): void {
  spoilOperands(thread, places)
  for (const ending of ['replacePinned', 'removePinned'] as const) {
    if (random(2) === 0) continue
    const status = thread.core[ending]()
    const isAllowed = status === STATUS.invalid || status === (ending === 'replacePinned' ? STATUS.replaced : STATUS.removed)
    if (!isAllowed) throw new Error(`${ending} returned ${status}`)
  }
}

/** Asks for a block, and now and then passes it as what it is not, or is. Returns it. */
function ask(thread: Thread, args: number[]): number {
  const meta = oneOf([40, 41, 8 * 9_000, 8 * 40_000])
  const block = thread.core.newBlock(meta) >>> 0
  if (args.length > 1 && block !== 0) {
    const index = 1 + random(args.length - 1)
    args[index] = block
    if (index + 1 < args.length && random(2) === 0) args[index + 1] = meta
  }
  thread.setWord(thread.scratch + oneOf([layout.SCRATCH.keyOperand, layout.SCRATCH.valueOperand]) + layout.OPERAND.source, block)
  return block
}

function noteResult(name: Name, thread: Thread, result: unknown): void {
  if (result !== undefined && typeof result !== 'number') throw new Error(`returned ${String(result)}`)
  const status = result !== result && thread.scratch !== 0 ? thread.word(thread.scratch) | 0 : result
  if (thread === world.attacker) return note('unattached')
  if (status === STATUS.invalid) return note('refused')
  if (name.startsWith('get') && result !== result && status === 0) return note('absent')
  note(typeof status === 'number' && status < 0 ? `status ${status}` : 'done')
}

/** The header, and what is the other thread's alone, as it lies in memory. */
function witnessed(): string {
  const { checker, own } = world
  const { buffer } = world.memory
  const identity = Buffer.from(buffer, 0, HEADER.directory + 4).toString('latin1')
  const slot = Buffer.from(buffer, slotOf(checker), 320).toString('latin1')
  const scratch = Buffer.from(buffer, checker.scratch + layout.SCRATCH.keyOperand, 128).toString('latin1')
  const stripe = Buffer.from(buffer, own.checker, 128).toString('latin1')
  return identity + slot + scratch + stripe
}

/** Sees that the other thread works, and that nothing is locked, lost, or where it does not belong. */
function verify(): void {
  const { core } = world.checker
  const { own } = world
  const broken = core.checkHeap() // also that nothing is locked
  if (broken !== 0) throw new Error(`invariant ${broken} is broken near ${world.checker.look().word(world.checker.scratch + 4)}`)
  for (let i = 0; i < 100; i += 7) expectEqual(core.getByNumber(own.checker, i), i * 3, `own entry ${i}`)
  expectEqual(core.size(own.checker), 100, 'own size')
  expectEqual(core.closeCollection(core.openCollection(directoryOf(world), 1)), 0, 'the table of names')
  for (const { name, key, value, checker } of world.places) {
    if (key !== 'number' && key !== 'any') continue
    if (core.size(checker) === STATUS.deleted) continue // by a right call
    const isNumber = value === 'number'
    const at = 5_000 + random(4)
    expectEqual(core.setNumberByNumber(checker, at, at + 1) < 0, false, `${name}: set`)
    if (isNumber) expectEqual(core.getByNumber(checker, at), at + 1, `${name}: get`)
    expectEqual(core.deleteNumber(checker, at), STATUS.removed, `${name}: delete`)
  }
  const bits = world.others.bits.checker
  if (core.addBit(bits, 70_001) !== STATUS.deleted) expectEqual(core.hasBit(bits, 70_001), 1, 'a bit that was set')
  expectEqual(core.popMany(world.queue.checker, 1) >= 0, true, 'popMany()')
  expectEqual(world.checker.word(LIMITS.endPages) <= 2 ** 16, true, 'pages handed out')
}

function expectEqual(found: unknown, expected: unknown, what: string): void {
  if (found === expected) return
  const show = (value: unknown): string =>
    typeof value === 'string' ? Buffer.from(value, 'latin1').toString('hex') : String(value)
  throw new Error(`${what}: ${show(found)} instead of ${show(expected)}`)
}

/** Each wrong value at each argument, while the others are right; for a stripe, also with each table. */
function sweep(name: Name): void {
  const roles = ENTRIES[name]
  for (let index = 0; index < roles.length; index++) {
    for (let bad = 0; bad < allBad(roles[index]!, places).length; bad++) {
      if (random(100) >= 100 * factor) continue
      const args = right(name)
      args[index] = allBad(roles[index]!, places)[bad] ?? 0
      attempt(name, world.victim, args)
    }
  }
  for (let round = 0; round < 20; round++) attempt(name, world.victim, right(name))
}

function right(name: Name): number[] {
  const place = OF_QUEUES.has(name) ? world.queue : oneOf(world.places)
  return ENTRIES[name].map((role) => goodOf(role, world, place))
}

const found = exportsOf(module).sort().join(' ')
expectEqual(found, [...names].sort().join(' '), 'the exports that are fuzzed')
for (const name of names) sweep(name)
for (const name of names) {
  for (let round = 0; round < 25; round++)
    attempt(
      name,
      world.attacker,
      ENTRIES[name].map((role) => (round === 0 ? 0 : badOf(role, places))),
    )
  renew()
}
for (let n = 0; n < RANDOM_CALLS * factor; n++) {
  const name = oneOf(names)
  const good = right(name)
  const wrong = random(4) // one in so many is right
  attempt(
    name,
    random(50) === 0 ? world.attacker : world.victim,
    good.map((arg, index) => (random(4) < wrong ? badOf(ENTRIES[name][index]!, places) : arg)),
  )
}
end()
