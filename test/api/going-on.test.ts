// A program that runs out of stack in operations on one collection goes on with others of the same heap, of other kinds, and of
// another heap, before anything could be put in order. What was acknowledged stays, what threw has happened or has not.
import { describe, expect, it } from 'vitest'
import { SharedHeap, type SharedMap, SharedSet } from 'tophash'
import { randomOf, seedOf } from '../stress/random.js'
import { untilCollected } from '../support/garbage.js'
import { sized } from '../support/size.js'

const seed = seedOf()
const random = randomOf(seed)

/** Calls `step` from the end of the stack on, each time a frame farther from it, in frames of so many words. */
function fromTheEnd(words: number, step: () => unknown): void {
  const names = Array.from({ length: words }, (_, i) => `p${i}`)
  const source = `return function walk(${names}) { try { walk(${names}) } catch (error) { step(); throw error } }`
  const walk = new Function('step', source)(step) as () => void
  try {
    walk()
  } catch {
    // the overflow
  }
}

const afterAll = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

it('loses nothing of one map while another is written to', async () => {
  const heap = new SharedHeap()
  const a = heap.map('a', { key: 'number', value: 'number' })
  const b = heap.map('b', { key: 'string', value: 'number' })
  for (let i = 0; i < 2000; i++) a.set(i, i)
  let n = 2000
  for (let round = 0; round < sized(60, 300); round++) {
    let left = 40
    fromTheEnd(round % 24, () => {
      if (left-- <= 0) return
      attempt(() => a.set(n++, 0))
      attempt(() => b.set('x', 1))
    })
    await afterAll()
    let lost = 0
    for (let i = 0; i < 2000; i++) if (a.get(i) !== i) lost++
    expect([round, lost, a.size]).toEqual([round, 0, [...a.keys()].length])
  }
  heap.check()
})

function attempt(action: () => unknown): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}

// Blocks that JavaScript fills are its own until a table adopts them: the stack can end before the `try` that would drop them.
it('leaves no block of a long key or value behind', async () => {
  const heap = new SharedHeap()
  const map = heap.map<string, any>('a', { key: 'string', value: 'any' })
  const [key, value] = ['k'.repeat(60_000), 'v'.repeat(70_000)]
  const acts = [
    () => map.set(key, value),
    () => map.get(key),
    () => map.has(key),
    () => map.update(key, () => value),
    () => map.compareAndSet(key, value, value),
    () => map.compareAndDelete(key, value),
    () => map.wait(key, value, { timeout: 0 }),
    () => map.setMany([[key, value]]),
    () => map.getOrInsert(key, value),
    () => map.getOrInsertMany([[key, value]]),
    () => map.exchange(key, value),
    () => map.take(key),
    () => map.deleteMany([key]),
    () => map.getMany([key]),
    () => map.increment(`${key}n`),
  ]
  for (let round = 0; round < sized(4, 120); round++) {
    for (const act of acts) {
      let left = 60
      fromTheEnd((round * 5) % 40, () => left-- > 0 && attempt(act))
      await afterAll()
      heap.check()
    }
  }
})

// ---- Any operations ----

type Collection = SharedMap<any, any> | SharedSet<any>
/** What may be there for each key: one of these values, as text; undefined: no entry. */
type Possible = Map<unknown, Set<string | undefined>>

class Subject {
  readonly collection: Collection
  readonly #numbers: boolean
  readonly #value: (i: number) => unknown
  possible: Possible = new Map()

  constructor(collection: Collection, numbers: boolean, value: (i: number) => unknown) {
    this.collection = collection
    this.#numbers = numbers
    this.#value = value
  }

  /** Some keys are longer than the scratch page has room for. */
  #key(i: number): unknown {
    return this.#numbers ? i : `key ${i}${i % 17 === 0 ? 'k'.repeat(9000) : ''}`
  }

  #may(key: unknown, value: string | undefined): void {
    const values = this.possible.get(key) ?? new Set([undefined])
    values.add(value)
    this.possible.set(key, values)
  }

  /** Does something to these keys after which they have this value, or undefined; then that is all that is possible. */
  #write(keys: readonly unknown[], value: string | undefined, action: () => unknown): void {
    for (const key of keys) this.#may(key, value)
    action()
    for (const key of keys) this.possible.set(key, new Set([value]))
  }

  act(): void {
    const { collection } = this
    const [i, n] = [random(150), random(1000)]
    const key = this.#key(i)
    const keys = [0, 1, 2, 3, 4].map((more) => this.#key((i + more) % 150))
    const value = this.#value(n)
    const text = JSON.stringify(value)
    const all = [...this.possible.keys()]
    const isSet = collection instanceof SharedSet
    const acts: (() => void)[] = [
      () => this.#write([key], undefined, () => collection.delete(key)),
      () => this.#write(keys, undefined, () => collection.deleteMany(keys)),
      () => void collection.has(key),
      () => void [...collection],
      () => collection.reserve(n % 300),
      () => void collection.stats(),
      () => {
        for (const one of all) this.#may(one, undefined)
        if (n % 4 === 0) collection.retain((_: unknown) => (n + i) % 3 !== 0)
      },
      () => {
        if (n % 4 !== 0) return
        for (const one of all) this.#may(one, undefined)
        collection.clear()
        this.possible = new Map()
      },
    ]
    if (isSet) {
      acts.push(
        () => this.#write([key], text, () => collection.add(key)),
        () => this.#write(keys, text, () => collection.addMany(keys)),
      )
    } else {
      acts.push(
        () => this.#write([key], text, () => collection.set(key, value)),
        () => this.#write([key], text, () => collection.exchange(key, value)),
        () => this.#write([key], text, () => collection.update(key, () => value)),
        () => this.#write([key], undefined, () => collection.take(key)),
        () => this.#write(keys, text, () => collection.setMany(keys.map((one) => [one, value]))),
        () => void collection.get(key),
        () => collection.trace()[Symbol.dispose](),
      )
    }
    acts[random(acts.length)]!()
  }

  verify(): void {
    const found = new Map<unknown, string>()
    for (const entry of this.collection as Iterable<any>) {
      const [key, value] = this.collection instanceof SharedSet ? [entry, this.#value(0)] : entry
      if (found.has(key)) throw new Error(`twice: ${key}`)
      found.set(key, JSON.stringify(value))
    }
    expect(this.collection.size).toBe(found.size)
    for (const key of found.keys()) if (!this.possible.has(key)) throw new Error(`never written: ${String(key).slice(0, 20)}`)
    for (const [key, values] of this.possible) {
      const value = found.get(key)
      if (!values.has(value))
        throw new Error(`${String(key).slice(0, 20)}: ${value?.slice(0, 40)}, not ${[...values].map((one) => one?.slice(0, 40))}`)
      this.possible.set(key, new Set([value]))
    }
  }
}

describe(`any operations on several collections (seed ${seed})`, () => {
  it('have happened or have not, and leave nothing behind', async () => {
    const [heap, another] = [new SharedHeap(), new SharedHeap()]
    const text = (i: number): string => 'v'.repeat(i % 5 === 0 ? (i * 137) % 70_000 : i % 50) + i
    const subjects = [
      new Subject(heap.map('a', { key: 'number', value: 'number', capacity: 1 }), true, (i) => i),
      new Subject(heap.map('b', { key: 'string', value: 'string', capacity: 1 }), false, text),
      new Subject(heap.map('c', { capacity: 1 }), false, (i) => (i % 3 === 0 ? text(i) : { i })),
      new Subject(heap.set('d', { value: 'string', capacity: 1 }), false, () => true),
      new Subject(another.map('e', { key: 'string', value: 'string', capacity: 1 }), false, text),
    ]
    const act = (): void => {
      if (random(12) === 0) comeAndGo(heap)
      else subjects[random(subjects.length)]!.act()
    }
    for (let round = 0; round < sized(40, 200); round++) {
      let left = 10 + random(50)
      fromTheEnd(round % 24, () => {
        for (let i = 0; i < 3 && left > 0; i++, left--) attempt(act)
      })
      if (round % 2 === 0) await null
      await afterAll()
      for (let i = 0; i < 20; i++) act() // here nothing has a reason to fail
      for (const subject of subjects) subject.verify()
      heap.check()
      another.check()
    }
    for (const name of heap.names()) if (name.startsWith('other')) heap.delete(name)
    expect(heap.names().sort()).toEqual(['a', 'b', 'c', 'd'])
    await untilCollected(() => heap.stats().collections <= 4) // those whose handles nobody disposed of
    expect(heap.stats().collections).toBe(4)
    heap.check()
  }, 60_000)
})

function comeAndGo(heap: SharedHeap): void {
  const name = `other ${random(3)}`
  const map = heap.map(name, { key: 'string', value: 'string', capacity: 1 })
  for (let i = 0; i < 10; i++) map.set(`key ${i}`, 'v'.repeat(100))
  if (random(2) === 0) heap.delete(name)
  else map.dispose()
}
