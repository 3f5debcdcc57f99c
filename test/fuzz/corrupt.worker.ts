// Writes wrong words into a good heap, each word of each structure in turn, and has threads use it. Every operation comes
// to an end: a result, an error, a trap, or a wait for a lock that ends by itself after 10 seconds (waits.worker.ts).
import { beginCase, end, factor, layout, note, oneOf, random, seed, task } from './task.js'
import { forgetWaits, recover, tryAttach, useHeap, useTable } from './operations.js'
import { ODD } from './entries.js'
import { type Place, Thread, World, loadCore, slotOf } from './world.js'

const { BUCKET, BUCKET_BYTES, CURSOR_AT, DEPTH_MASK, DIRECTORY_AT, GROWING_AT, HEADER_PARTS, LOCK, OWN_JOURNAL, SECRETS } = layout
const { SLOT, SLOTS_AT, SLOT_BYTES, SLOT_KIND, SLOT_PARTS, STRIPES_AT, TABLE, TABLE_JOURNAL, TABLE_STRIPE } = layout
const RANDOM_CASES = 150
const HEADER_WORDS = [
  ...range(HEADER_PARTS.identity, HEADER_PARTS.identityEnd),
  ...range(HEADER_PARTS.limits, HEADER_PARTS.limitsEnd),
  ...range(HEADER_PARTS.pool, HEADER_PARTS.poolEnd),
  ...range(HEADER_PARTS.maps, HEADER_PARTS.mapsEnd),
  ...range(HEADER_PARTS.sizeClasses, HEADER_PARTS.sizeClassesEnd),
  ...range(HEADER_PARTS.hints, HEADER_PARTS.hintsEnd),
  ...range(SECRETS.first, SECRETS.end),
]
/** Of the log two entries, of the lists those of the smaller sizes. */
const SLOT_WORDS = [
  ...range(SLOT.state, SLOT.id + 8),
  ...range(SLOT_PARTS.journal, SLOT_PARTS.journalEnd),
  ...range(OWN_JOURNAL.first, TABLE_JOURNAL.end),
  ...range(SLOT_PARTS.hands, SLOT_PARTS.handsEnd),
  ...range(SLOT_PARTS.log, SLOT_PARTS.log + 32),
  ...range(SLOT_PARTS.lists, SLOT_PARTS.lists + 144),
]
const TABLE_WORDS = [
  ...range(0, TABLE.end),
  ...range(DIRECTORY_AT, DIRECTORY_AT + 24),
  ...range(STRIPES_AT, STRIPES_AT + 12),
  GROWING_AT,
  CURSOR_AT,
]
const STRIPE_WORDS = range(0, TABLE_STRIPE.end)
/** The first slot, and the value of the second. */
const BUCKET_WORDS = [
  ...range(BUCKET.lock, BUCKET.value0 + 8),
  ...range(BUCKET.value0 + BUCKET.slotBytes, BUCKET.value0 + BUCKET.slotBytes + 8),
]

function range(begin: number, end: number): number[] {
  return Array.from({ length: (end - begin) / 4 }, (_, index) => begin + index * 4)
}

const module = loadCore('tophash')
const world = new World(module)
const { memory, places } = world
const good = new Uint8Array(memory.buffer).slice()

/** A word of the heap, and in which table it is, if in one. */
interface Word {
  readonly name: string
  readonly at: number
  readonly place: Place | undefined
}

/** The words of every structure, by the names that corrupt.test.ts has for the structures. */
function words(): Record<string, Word[]> {
  const { victim, checker } = world
  const free = SLOTS_AT + 2 * SLOT_BYTES
  const all = (name: string, base: number, offsets: readonly number[], place?: Place): Word[] =>
    offsets.map((offset) => ({ name: `${name} + ${offset}`, at: base + offset, place }))
  return {
    'header and slots': [
      ...all('header', 0, HEADER_WORDS),
      ...all('slot of the thread', slotOf(victim), SLOT_WORDS),
      ...all('slot of another', slotOf(checker), SLOT_WORDS),
      ...all('free slot', free, SLOT_WORDS.slice(0, 90)),
    ],
    tables: places.flatMap((place) => all(`table (${place.name})`, place.address, TABLE_WORDS, place)),
    stripes: places.flatMap((place) => [
      ...all(`stripe (${place.name})`, place.stripe, STRIPE_WORDS, place),
      ...all(`stripe of another (${place.name})`, place.checker, STRIPE_WORDS.slice(0, 6), place),
    ]),
    chains: places.flatMap((place) => [
      ...chainOf(place).flatMap((at, index) => all(`bucket ${index} (${place.name})`, at, BUCKET_WORDS, place)),
      ...blocksOf(place).flatMap((at, index) => all(`block ${index} (${place.name})`, at, [0, 4], place)),
    ]),
  }
}

/** The first chain of a table, which has several buckets. */
function chainOf(place: Place): number[] {
  const chain: number[] = []
  for (
    let at = world.checker.word(place.address + DIRECTORY_AT);
    at !== 0;
    at = world.checker.word(at + BUCKET.next) & ~DEPTH_MASK
  )
    chain.push(at)
  if (chain.length < 3) throw new Error(`the chain of ${place.name} has ${chain.length} buckets`)
  return chain
}

/** Blocks of the first entry, if they are some. */
function blocksOf(place: Place): number[] {
  const head = world.checker.word(place.address + DIRECTORY_AT)
  const bits = [BUCKET.key0, BUCKET.value0].map((at) => world.checker.view.getBigUint64(head + at, true))
  return bits
    .filter((word) => word >> 51n === 0x1fffn && (word & 0x1fff_ffffn) > 24_576n)
    .map((word) => Number(word & 0x1fff_ffffn) * 8)
}

/** Wrong values for a word: numbers, flags, locks of whoever, and places that it must not lead to. */
function wrong({ at, place }: Word): number[] {
  const word = world.checker.word(at)
  const { locked, live, waiters, fieldShift } = LOCK
  const owned = [2 ** 29 - 1, 100, 2].map((owner) => (owner << fieldShift) | live | locked)
  const locks = [locked, live | locked, waiters | locked, ...owned]
  const near = [word ^ 1, word ^ 0x80, word + 32, word + BUCKET_BYTES, word ^ DEPTH_MASK, word | 0x8000_0000]
  const heads = place ? chainOf(place) : [world.checker.word(places[0]!.address + DIRECTORY_AT)]
  const spots = [at, ...heads, slotOf(world.victim), world.victim.scratch, memory.buffer.byteLength - 32, 48 * 65_536]
  return [...new Set([...locks, ...near, ...spots, ...ODD].map((value) => value >>> 0))].filter((value) => value !== word)
}

function restore(): void {
  const bytes = new Uint8Array(world.checker.look().memory.buffer)
  bytes.set(good)
  bytes.fill(0, good.length)
}

/** Writes wrong words; then this and another thread do everything, and the thread is recovered as if it had died. */
function play(name: string, wrongs: readonly (readonly [at: number, value: number])[], place: Place): void {
  beginCase(`${name}: ${wrongs.map(([at, value]) => `${at} = ${value}`).join(', ')}`)
  restore()
  forgetWaits()
  for (const [at, value] of wrongs) world.checker.setWord(at, value)
  const newcomer = new Thread(module, memory)
  if (tryAttach(newcomer)) {
    useTable(newcomer, place)
    useHeap(newcomer, place)
  }
  beginCase(`${name}, once more`)
  restore()
  forgetWaits()
  for (const [at, value] of wrongs) world.checker.setWord(at, value)
  const state = slotOf(world.victim)
  world.victim.setWord(state, (world.victim.word(state) & ~3) | SLOT_KIND.dead)
  recover(new Thread(module, memory), world.victim.id)
  note('cases')
}

/** Every so many-th word. */
const STRIDE = Math.round(3 / Math.min(1, factor))

/** One word at a time. */
function sweep(words: readonly Word[]): void {
  // A third of them in `npm run test:all`, another third with another seed.
  const swept = factor > 1 ? words : words.filter((_, index) => index % STRIDE === seed % STRIDE)
  for (const word of swept) {
    restore()
    const values = wrong(word)
    const begin = random(values.length) // another one in each run; TOPHASH_FUZZ=30: all of them
    const some = values.map((_, index) => values[(begin + index) % values.length]!).slice(0, Math.ceil(factor))
    for (const value of some) play(word.name, [[word.at, value]], word.place ?? oneOf(places))
  }
}

/** Wrong words of each table that are tried in every run: that these loops end is not left to chance. */
const CERTAIN: Record<string, (place: Place) => [at: number, value: number][]> = {
  /** The last bucket leads back to each. */
  'chains that go round': (place) => {
    const link = chainOf(place).at(-1)! + BUCKET.next
    const depth = world.checker.word(link) & DEPTH_MASK
    return chainOf(place).map((at) => [link, at | depth])
  },
  /** One bucket more, or less, is evacuated than a stripe counts. */
  'counters that disagree with the heads': ({ stripe, checker }) =>
    [stripe + TABLE_STRIPE.evacuated, checker + TABLE_STRIPE.evacuated].flatMap((at) =>
      [-1, 1].map((more) => [at, world.checker.word(at) + more]),
    ),
  /** The first slab of some size classes, one of them that of the stripes, lies in the header: blocks of it would be cut from that. */
  'slabs that are none': () => [0, 10, 20, 30, 40].map((sizeClass) => [HEADER_PARTS.sizeClasses + 16 * sizeClass, 31]),
}

function tryCertain(name: string): void {
  for (const place of places) {
    restore()
    for (const wrong of CERTAIN[name]!(place)) play(`${name} (${place.name})`, [wrong], place)
  }
}

/** Up to four words at a time. */
function mix(words: readonly Word[]): void {
  for (let n = 0; n < RANDOM_CASES * factor; n++) {
    restore()
    const chosen = Array.from({ length: 1 + random(4) }, () => oneOf(words))
    play(
      'several',
      chosen.map((word) => [word.at, oneOf(wrong(word))]),
      oneOf(chosen).place ?? oneOf(places),
    )
  }
}

const all = words()
const structure = task.structure as string
if (structure === 'several at once') mix(Object.values(all).flat())
else if (structure in CERTAIN) tryCertain(structure)
else sweep(all[structure]!)
end()
