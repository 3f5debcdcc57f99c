// Every entry point of the raw core, and what its arguments are. A new export without a line here makes the test fail.
import type { CoreExports } from '../../src/core/exports.js'
import { layout, oneOf, random } from './task.js'
import { type Other, type Thread, type World, MAX_PAGES, PAGE_BYTES, directoryOf, slotOf } from './world.js'

const { ASKED_AT, BUCKET, DEPTH_MASK, DIRECTORY_AT, HEADER, HEADER_PARTS, LIMITS, POOL_AT, SCRATCH, SECRETS, SLOT_BYTES } = layout

/** What an argument is, when it is right. */
export type Role =
  | 'stripe'
  | Other
  | 'table'
  | 'generation'
  | 'number'
  | 'source'
  | 'meta'
  | 'valueSource'
  | 'valueMeta'
  | 'block'
  | 'batch'
  | 'count'
  | 'place'
  | 'last'
  | 'kind'
  | 'thread'
  | 'word'
  | 'few'

const BY_BLOCK: readonly Role[] = ['stripe', 'source', 'meta']

export const ENTRIES: Readonly<Record<keyof CoreExports, readonly Role[]>> = {
  initializeHeap: ['word', 'word', 'word', 'word', 'word', 'word', 'word'],
  attachThread: ['word', 'word', 'word', 'word', 'word', 'word', 'word'],
  detachThread: [],
  recover: ['thread', 'thread'],
  mend: [],
  hurry: ['few'],
  scratchAddress: [],
  pages: [],
  createDirectory: [],
  createCollection: ['few', 'kind', 'kind', 'few', 'word', 'few'],
  openCollection: ['table', 'generation'],
  closeCollection: ['stripe'],
  deleteCollection: ['table', 'generation'],
  claimCollection: ['table', 'generation'],
  keepCollection: [],
  isListed: ['table'],
  checkHeap: [],
  trim: [],
  writeStats: ['stripe'],
  writeHeapStats: [],
  inspectChains: ['stripe', 'few', 'few', 'count', 'count'],
  inspectHeap: [],
  beginTrace: ['count', 'number'],
  endTrace: [],
  lookAtTrace: [],
  readTrace: ['number'],
  newBlock: ['meta'],
  dropBlock: ['block'],
  dropResult: [],
  getByNumber: ['stripe', 'number'],
  getByBlock: BY_BLOCK,
  getKnown: ['stripe', 'word', 'word', 'number'],
  getBlockKnown: ['stripe', 'word', 'word', 'number'],
  describeKnown: ['stripe', 'word', 'word', 'number'],
  hasKnown: ['stripe', 'word', 'word', 'number'],
  getBlockByNumber: ['stripe', 'number'],
  getBlockByBlock: BY_BLOCK,
  hasNumber: ['stripe', 'number'],
  hasBlock: BY_BLOCK,
  setNumberByNumber: ['stripe', 'number', 'number'],
  setBlockByNumber: ['stripe', 'number', 'valueSource', 'valueMeta'],
  setNumberByBlock: [...BY_BLOCK, 'number'],
  setBlockByBlock: [...BY_BLOCK, 'valueSource', 'valueMeta'],
  setNumberKnown: ['stripe', 'word', 'word', 'number', 'number'],
  setBlockKnown: ['stripe', 'word', 'word', 'number', 'valueSource', 'valueMeta'],
  deleteNumber: ['stripe', 'number'],
  deleteBlock: BY_BLOCK,
  incrementNumber: ['stripe', 'number', 'number'],
  incrementKnown: ['stripe', 'word', 'word', 'number', 'number'],
  incrementBlock: [...BY_BLOCK, 'number'],
  get: ['stripe'],
  has: ['stripe'],
  set: ['stripe'],
  remove: ['stripe'],
  insert: ['stripe'],
  exchange: ['stripe'],
  take: ['stripe'],
  compareAndSet: ['stripe'],
  compareAndDelete: ['stripe'],
  increment: ['stripe'],
  watch: ['stripe', 'few', 'few'],
  pin: ['stripe'],
  unpin: [],
  removePinned: [],
  replacePinned: [],
  size: ['stripe'],
  clear: ['stripe'],
  reserve: ['stripe', 'few'],
  scan: ['stripe', 'place', 'last', 'few', 'few'],
  pinChain: ['stripe', 'place', 'last', 'few'],
  getMany: ['stripe', 'count'],
  getNumbers: ['stripe', 'count'],
  setMany: ['stripe', 'count'],
  deleteMany: ['stripe', 'count'],
  getOrInsertMany: ['stripe', 'count'],
  getOrInsertNumbers: ['stripe', 'count'],
  makePageOf: ['bits', 'word'],
  addBit: ['bits', 'word'],
  deleteBit: ['bits', 'word'],
  flipBit: ['bits', 'word'],
  hasBit: ['bits', 'word'],
  addBits: ['bits', 'count', 'count'],
  deleteBits: ['bits', 'word', 'word'],
  countBits: ['bits', 'word', 'word'],
  nextBit: ['bits', 'word', 'few'],
  listBits: ['bits', 'word'],
  nextPage: ['bits', 'few'],
  readPage: ['bits', 'few'],
  combinePage: ['bits', 'few', 'few'],
  meetsPage: ['bits', 'few', 'few'],
  countPages: ['bits'],
  pushNumber: ['stripe', 'number'],
  pushBlock: ['stripe', 'valueSource', 'valueMeta'],
  pushOperand: ['stripe'],
  pushMany: ['stripe', 'count'],
  pushNumbers: ['stripe', 'count'],
  pop: ['stripe', 'few'],
  popMany: ['stripe', 'count'],
  takeSeen: ['stripe', 'number'],
  receive: ['stripe', 'few'],
  finishReceived: ['stripe', 'batch'],
  giveBack: ['stripe', 'batch'],
  closeQueue: ['stripe'],
  countItems: ['stripe'],
  countHeld: ['stripe'],
  beginWait: ['stripe', 'few'],
  endWait: ['stripe', 'few'],
  awaitChange: ['stripe', 'few', 'few'],
  peek: ['stripe', 'few'],
  remaining: ['stripe'],
  touch: ['stripe'],
  hashOfOperand: ['stripe'],
  setTimes: ['stripe', 'number', 'number', 'few'],
  listenToCache: ['stripe', 'word', 'few'],
  ringOfCache: ['stripe'],
  readRemovalOf: ['stripe', 'word', 'word'],
  setLease: ['stripe', 'few', 'word'],
  staleSince: ['stripe'],
  keepStale: ['stripe', 'number'],
  resizeCache: ['stripe', 'number', 'number'],
  sweep: ['stripe', 'few'],
  controlOfCache: ['stripe'],
  writeCacheStats: ['stripe'],
}

/** Those that take their operands from the scratch page. */
export const UNIVERSAL: ReadonlySet<string> = new Set<keyof CoreExports>([
  'get',
  'has',
  'set',
  'remove',
  'insert',
  'exchange',
  'take',
  'compareAndSet',
  'compareAndDelete',
  'increment',
  'watch',
  'pin',
  'pushOperand',
])
/** Those that are for a queue. */
export const OF_QUEUES: ReadonlySet<string> = new Set<keyof CoreExports>([
  'pushNumber',
  'pushBlock',
  'pushOperand',
  'pushMany',
  'pushNumbers',
  'pop',
  'popMany',
  'takeSeen',
  'receive',
  'finishReceived',
  'giveBack',
  'closeQueue',
  'countItems',
  'countHeld',
  'beginWait',
  'endWait',
  'awaitChange',
])
/** Those that take a batch from it. */
export const MANY: ReadonlySet<string> = new Set<keyof CoreExports>([
  'getMany',
  'getNumbers',
  'setMany',
  'deleteMany',
  'getOrInsertMany',
  'getOrInsertNumbers',
  'pushMany',
])

/** Numbers that are wrong nearly everywhere. */
export const ODD: readonly number[] = [
  0, 1, 2, 3, 7, 8, 16, 31, 64, 127, 128, 129, 255, 256, 65_535, 65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff,
]
const ODD_FLOATS: readonly number[] = [NaN, -0, Infinity, -Infinity, 5e-324, 2 ** 53, -1, 1.5, 1e308]

/** Every place of a world that somebody could take for another: addresses of whatever there is, and near it. */
export function placesIn(world: World): number[] {
  const { victim, checker, places, own, closed, deleted, deletedTable } = world
  const others = Object.values(world.others)
  const tables = [...places.map(({ address }) => address), own.address, deletedTable, directoryOf(world)]
  const heads = tables.map((table) => checker.word(table + DIRECTORY_AT))
  const overflows = heads.map((head) => checker.word(head + BUCKET.next) & ~DEPTH_MASK).filter((at) => at !== 0)
  const blocks = heads
    .slice(0, 6)
    .map((head) => (Number(checker.view.getBigUint64(head + BUCKET.value0, true) & 0x1fff_ffffn) << 3) >>> 0)
  const slots = [slotOf(victim), slotOf(checker), slotOf(checker) + SLOT_BYTES]
  const stripes = [
    world.queue.stripe,
    world.queue.checker,
    ...places.flatMap(({ stripe, checker: other }) => [stripe, other]),
    own.checker,
    closed,
    deleted,
    ...others.flatMap(({ stripe, checker: other }) => [stripe, other]),
  ]
  const scratches = [victim, checker].flatMap(({ scratch }) =>
    [0, SCRATCH.keyOperand, SCRATCH.key, SCRATCH.value, SCRATCH.answers, 65_528].map((at) => scratch + at),
  )
  const { sizeClasses } = HEADER_PARTS
  const words = [HEADER.layoutVersion, HEADER.directory, LIMITS.endPages, POOL_AT, ASKED_AT, SECRETS.first]
  const header = [...words, POOL_AT + 4, sizeClasses, sizeClasses + 192]
  const inner = [...tables, ...others.map(({ address }) => address), ...heads, ...slots].flatMap((at) => [
    at,
    at + 4,
    at + 16,
    at + 64,
    at + 128,
    at - 8,
  ])
  const end = victim.look().memory.buffer.byteLength
  const limits = [end - 8, end, end + 8, MAX_PAGES * PAGE_BYTES, MAX_PAGES * PAGE_BYTES - 128]
  return [...new Set([...header, ...inner, ...overflows, ...blocks, ...stripes, ...scratches, ...limits])].map((at) => at >>> 0)
}

/** A right argument, for the thread that is fuzzed. */
export function goodOf(role: Role, world: World, place: World['places'][number]): number {
  const { victim } = world
  switch (role) {
    case 'stripe':
      return place.stripe
    case 'bits':
      return world.others[role].stripe
    case 'table':
      return place.address
    case 'generation':
      return place.generation
    case 'number':
      return random(12)
    case 'source':
      return victim.scratch + SCRATCH.key
    case 'valueSource':
      return victim.scratch + SCRATCH.value
    case 'meta':
    case 'valueMeta':
      return 5 * 8
    case 'block':
      return 0
    case 'batch':
      return victim.word(victim.scratch + SCRATCH.address) // if it has just received one
    case 'kind':
      return 1 + random(5)
    case 'thread':
      return 1 + random(3)
    case 'last':
      return 0xffff_ffff
    default:
      return random(16)
  }
}

/** A wrong argument. */
export function badOf(role: Role, places: readonly number[]): number {
  if (role === 'number') return oneOf([...ODD_FLOATS, ...ODD])
  const kind = random(8)
  if (kind < 4) return oneOf(places)
  if (kind < 6) return oneOf(ODD)
  return kind === 6 ? random(2 ** 32) : (oneOf(places) + random(64) - 32) >>> 0
}

/** Every wrong argument that is tried for sure. */
export function allBad(role: Role, places: readonly number[]): readonly number[] {
  return role === 'number' ? ODD_FLOATS : [...ODD, ...places]
}

/** Fills the operands, or the beginning of a batch, with what they can be and what they cannot. */
export function spoilOperands(thread: Thread, places: readonly number[]): void {
  const { keyOperand, valueOperand, expectedOperand, key, value, expected } = SCRATCH
  const sources = [key, value, expected].map((at) => thread.scratch + at)
  for (const operand of [keyOperand, valueOperand, expectedOperand]) {
    const at = thread.scratch + operand
    thread.setWord(at, oneOf([6, 7, 0, 40, 41, 24_000, 8 * 8057, 8 * 60_000, 5, 0xffff_ffff, oneOf(ODD), random(2 ** 32)]))
    thread.setWord(at + 4, random(2) === 0 ? oneOf(sources) : oneOf(places))
    const word = oneOf([
      0n,
      1n,
      0xfff8_0000_0000_0001n,
      0xffff_ffff_ffff_ffffn,
      0xfff8_0000_0000_0000n + BigInt(oneOf(places) >>> 3),
      0x7ff8_0000_0000_0001n,
    ])
    thread.view.setBigUint64(at + 8, word, true)
  }
}

/** Fills the batch that calls of many keys look at. */
export function spoilBatch(thread: Thread, places: readonly number[]): void {
  for (let at = thread.scratch + SCRATCH.value, end = at + 512; at < end; at += 8) {
    thread.setWord(at, oneOf([6, 7, 0, 16, 40, 64, 8 * 600, 8 * 30_000, 0xffff_ffff, random(2 ** 32)]))
    thread.setWord(at + 4, random(2) === 0 ? 0 : oneOf([0xfff8_0000, 0xffff_ffff, oneOf(places)]))
  }
}
