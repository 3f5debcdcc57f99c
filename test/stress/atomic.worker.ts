// The tasks of the tests of atomic operations. Each is done by several threads at once and reports what its thread has
// seen; the tests prove from all reports, and from what the map then holds, that nothing was lost or done twice.
import { parentPort, workerData } from 'node:worker_threads'
import { attach } from '../support/untyped.js'
import { numbered } from '../support/values.js'
import { type Job, numberOf, textOf, tokenOf } from './atomic.js'
import { meet } from './jobs.js'
import { randomOf } from './random.js'

const job = workerData as Job
const { handle, kinds, index, threads, keys, rounds, gate, board } = job
const map = attach(handle)
const random = randomOf(job.seed + index)
const keyOf = (n: number): unknown => numbered(kinds[0], n)
const token = (n: number): unknown => tokenOf(kinds, n)
const tokenNumber = (value: unknown): number => numberOf(kinds, value)

const TASKS: Readonly<Record<string, () => unknown>> = {
  /** Adds 1 at random: a number, a bigint, or where both may be: numbers to even keys, huge bigints to odd ones. */
  increment() {
    for (let i = 0; i < rounds; i++) {
      const n = random(keys)
      if (kinds[1] === 'bigint') map.increment(keyOf(n), 1n)
      else if (kinds[1] === 'any' && n % 2) map.increment(keyOf(n), 2n ** 100n)
      else map.increment(keyOf(n))
    }
  },

  /** Adds 1 by update. */
  updateNumber() {
    const one = kinds[1] === 'bigint' ? 1n : 1
    for (let i = 0; i < rounds; i++)
      map.update(keyOf(random(keys)), (value, exists) => (exists ? (value as number) + (one as number) : one))
  },

  /** Appends its index and a running number to lists. */
  append() {
    for (let i = 0; i < rounds; i++) {
      map.update(keyOf(random(keys)), (list) => {
        if (kinds[1] === 'string') return `${(list as string | undefined) ?? ''}${index}:${i};`
        if (kinds[1] === 'bytes') return new Uint8Array([...((list as Uint8Array | undefined) ?? []), index, i >>> 8, i & 255])
        return [...((list as unknown[] | undefined) ?? []), [index, i]]
      })
    }
  },

  /** Offers a token of its own for every key, in the same order as all others; reports which ones were taken. */
  getOrInsert() {
    return Array.from({ length: keys }, (_, n) => tokenNumber(map.getOrInsert(keyOf(n), token(n * threads + index))))
  },

  /** The same, many at once: numbers, where all are, without boxes. */
  getOrInsertMany() {
    const offered = Array.from({ length: keys }, (_, n): [unknown, unknown] => [keyOf(n), token(n * threads + index)])
    const isNumbers = kinds[0] === 'number' && kinds[1] === 'number'
    const floats = (at: 0 | 1): Float64Array => Float64Array.from(offered, (entry) => entry[at] as number)
    const found = isNumbers ? map.getOrInsertMany(floats(0), floats(1)) : map.getOrInsertMany(offered)
    return Array.from(found as Iterable<unknown>, tokenNumber)
  },

  getOrInsertComputed() {
    return Array.from({ length: keys }, (_, n) =>
      tokenNumber(map.getOrInsertComputed(keyOf(n), () => token(n * threads + index))),
    )
  },

  /** Takes what is there; puts tokens of its own there only if nothing is. Reports what it took and what it put. */
  take() {
    const [taken, put]: [number[], number[]] = [[], []]
    for (let i = 0; i < rounds; i++) {
      const key = keyOf(random(keys))
      const mine = i * threads + index
      if (random(2) && same(map.getOrInsert(key, token(mine)), mine)) put.push(mine)
      else keep(map.take(key), taken)
    }
    return { taken, put }
  },

  /** Counts by compareAndSet; reports how often that failed. */
  compareAndSet() {
    let failures = 0
    for (let i = 0; i < rounds; i++) {
      const key = keyOf(random(keys))
      for (;;) {
        const current = map.get(key)
        if (map.compareAndSet(key, current, token(tokenNumber(current) + 1))) break
        failures++
      }
    }
    return failures
  },

  /** Writes to the board, which nothing else protects, while it has the key: a lock made of compareAndSet. */
  lock() {
    for (let i = 0; i < rounds; i++) {
      while (!map.compareAndSet(keyOf(0), token(0), token(index + 1)));
      board[0]!++ // not atomic
      if (!map.compareAndSet(keyOf(0), token(index + 1), token(0))) throw new Error('Somebody else has opened the lock.')
    }
  },

  /** Deletes every key's token, if it is still the one that it knows; reports which ones it has deleted. */
  compareAndDelete() {
    const deleted: number[] = []
    for (let round = 0; round < rounds; round++) {
      meet(gate, threads, 2 + 2 * round)
      for (let n = 0; n < keys; n++) {
        if (map.compareAndDelete(keyOf(n), token(round * keys + n + 1)))
          throw new Error('A token was there that nobody has set yet.')
        if (map.compareAndDelete(keyOf(n), token(round * keys + n))) deleted.push(round * keys + n)
      }
      meet(gate, threads, 3 + 2 * round)
      if (index === 0) for (let n = 0; n < keys; n++) map.set(keyOf(n), token((round + 1) * keys + n))
    }
    return deleted
  },

  /** Hands in tokens and reports those that it got for them. */
  exchange() {
    const got: number[] = []
    for (let i = 0; i < rounds; i++) keep(map.exchange(keyOf(random(keys)), token(i * threads + index)), got)
    return got
  },

  /** The last thread removes what is refused; the others set what is refused, and then what is not: that must stay. */
  retain() {
    if (index === threads - 1) {
      while (Atomics.load(board, 0) < threads - 1)
        Atomics.add(
          board,
          1,
          map.retain((value) => tokenNumber(value) % 2 === 0),
        )
      return
    }
    for (let i = 0; goesOn(i, rounds); i++) {
      const n = random(keys) * (threads - 1) + index
      map.set(keyOf(n), token(2 * i + 1))
      map.set(keyOf(n), token(2 * i))
      if (!same(map.get(keyOf(n)), 2 * i)) throw new Error(`What was set last is not there: ${textOf(map.get(keyOf(n)))}`)
    }
    Atomics.add(board, 0, 1)
  },

  /** Sets, gets and deletes many at once: each value read was written for its key; deletions are counted. */
  many() {
    let [deleted, inserted] = [0, 0]
    for (let i = 0; i < rounds; i++) {
      const own = Array.from({ length: 50 }, (_, n) => (i * 50 + n) * threads + index)
      map.setMany(own.map((n) => [keyOf(n), token(n)]))
      inserted += own.length
      const asked = Array.from({ length: 100 }, () => random((i + 1) * 50 * threads))
      const values = map.getMany(asked.map(keyOf)) as unknown[]
      asked.forEach((n, at) => values[at] === undefined || expectToken(values[at], n))
      deleted += map.deleteMany(asked.map(keyOf))
      if (asked.some((n) => n % threads === index && map.has(keyOf(n)))) throw new Error('A deleted entry of its own is there.')
    }
    return { deleted, inserted }
  },

  /** Writes long values of one repeated unit, or reads them: a value is never a mixture. */
  large() {
    const isWriter = index < threads - 1
    const lengths = [rounds, rounds + 1, rounds >> 1]
    for (let i = 0; isWriter ? goesOn(i, keys) : Atomics.load(board, 0) < threads - 1; i++) {
      if (isWriter) map.set('large', repeated(33 + ((i * threads + index) % 90), lengths[random(3)]!))
      else if (expectPure(map.get('large'), lengths)) Atomics.add(board, 1, 1)
    }
    if (isWriter) Atomics.add(board, 0, 1)
  },

  /** Sets values of all sorts, or reads them: each one read was set for its key, whole. */
  shapes() {
    const isWriter = index < 2
    for (let i = 0; isWriter ? goesOn(i, rounds) : Atomics.load(board, 0) < 2; i++) {
      const n = random(keys)
      if (isWriter) map.set(keyOf(n), shapeOf(n, random(8), random(300)))
      else if (expectShape(n, map.get(keyOf(n)))) Atomics.add(board, 1, 1)
    }
    if (isWriter) Atomics.add(board, 0, 1)
  },
}

meet(gate, threads, 1)
parentPort!.postMessage(TASKS[job.task]!())
map.dispose()

/**
 * Whether one who writes has a turn `i`: so many of them, and more until those who look have counted enough in board[1].
 * How much of the processor the others get is the machine's affair.
 */
function goesOn(i: number, turns: number): boolean {
  return i < turns || Atomics.load(board, 1) < job.least
}

function same(value: unknown, n: number): boolean {
  return tokenNumber(value) === n
}

function keep(value: unknown, list: number[]): void {
  if (value !== undefined) list.push(tokenNumber(value))
}

function expectToken(value: unknown, n: number): void {
  if (!same(value, n)) throw new Error(`The value of key ${n} is ${textOf(value)}.`)
}

function repeated(unit: number, length: number): unknown {
  return kinds[1] === 'bytes' || (kinds[1] === 'any' && unit % 2)
    ? new Uint8Array(length).fill(unit)
    : String.fromCharCode(unit).repeat(length)
}

function expectPure(value: unknown, lengths: readonly number[]): boolean {
  if (value === undefined) return false
  const { length } = value as string | Uint8Array
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from((value as Uint8Array).buffer)
  if (!lengths.includes(length) || !bytes.equals(Buffer.alloc(length, bytes[0])))
    throw new Error(`A value of ${length} is a mixture.`)
  return true
}

/** A value for a key, of one of eight sorts: each says which key it is for. */
function shapeOf(n: number, sort: number, size: number): unknown {
  if (sort === 0) return n + 0.5
  if (sort === 1) return n ? null : undefined
  if (sort === 2) return `${n}|${`${n},`.repeat(size)}`
  if (sort === 3) return new Uint8Array(size + 1).fill(n)
  if (sort === 4) return { n, list: new Array<number>(size).fill(n) }
  if (sort === 5) return BigInt(n) << BigInt(size)
  return sort === 6 ? n % 2 === 0 : [n, [n], `${n}`]
}

function expectShape(n: number, value: unknown): boolean {
  if (value === undefined) return false
  const size =
    value instanceof Uint8Array
      ? value.length - 1
      : typeof value === 'string'
        ? (value.length - `${n}|`.length) / `${n},`.length
        : sizeOf(n, value)
  const sorts = Array.from({ length: 8 }, (_, sort) => textOf(shapeOf(n, sort, size)))
  if (!sorts.includes(textOf(value))) throw new Error(`The value of key ${n} is ${textOf(value).slice(0, 200)}.`)
  return true
}

function sizeOf(n: number, value: unknown): number {
  if (typeof value === 'object' && value !== null && 'list' in value) return (value.list as unknown[]).length
  if (typeof value !== 'bigint' || n === 0) return 0
  let size = 0
  while (BigInt(n) << BigInt(size) < value) size++
  return size
}
