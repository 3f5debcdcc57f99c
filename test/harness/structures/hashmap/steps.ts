// What the victims of scenarios do, step by step, and what that makes of a model.
import { KIND_CODES, SCRATCH, STATUS, RECORD } from '../../../../src/core/layout.js'
import { HASH_MAP as ID } from '../../../../src/table/layout.js'
import type { Actor } from '../../core/actor.js'
import type { Step as AnyStep } from '../../core/scene.js'
import type { Entries } from './core.js'
import { isDeepStrictEqual as same } from 'node:util'
import { Failure, LONG, type Value } from '../../core/thread.js'

export type Step = AnyStep<Entries>

export const set = (key: Value, value: Value): Step => ({
  run: (t) => void t.run(t.core.set, t.stripe, key, { of: value }),
  apply: (model) => void model.set(key, value),
})

export const remove = (key: Value): Step => ({
  run: (t) => void t.run(t.core.remove, t.stripe, key),
  apply: (model) => void model.delete(key),
})

export const take = (key: Value): Step => ({
  run: (t) => {
    t.run(t.core.take, t.stripe, key)
    t.core.dropResult()
  },
  apply: (model) => void model.delete(key),
})

export const exchange = (key: Value, value: Value): Step => ({
  run: (t) => {
    t.run(t.core.exchange, t.stripe, key, { of: value })
    t.core.dropResult()
  },
  apply: (model) => void model.set(key, value),
})

export const insert = (key: Value, value: Value): Step => ({
  run: (t) => {
    t.run(t.core.insert, t.stripe, key, { of: value })
    t.core.dropResult()
  },
  apply: (model) => void (model.has(key) || model.set(key, value)),
})

export const compareAndSet = (key: Value, expected: Value, value: Value): Step => ({
  run: (t) => void t.run(t.core.compareAndSet, t.stripe, key, { of: value }, { of: expected }),
  apply: (model) => void (model.has(key) && model.get(key) === expected && model.set(key, value)),
})

export const compareAndDelete = (key: Value, expected: Value): Step => ({
  run: (t) => void t.run(t.core.compareAndDelete, t.stripe, key, undefined, { of: expected }),
  apply: (model) => void (model.has(key) && model.get(key) === expected && model.delete(key)),
})

export const add = (key: Value, by: number | bigint): Step => ({
  run: (t) => void t.run(t.core.increment, t.stripe, key, { of: by }),
  apply: (model) => {
    const before = model.get(key)
    model.set(key, typeof by === 'bigint' ? BigInt(before ?? 0) + by : Number(before ?? 0) + by)
  },
})

export const get = (key: Value): Step => ({
  run: (t) => {
    t.run(t.core.get, t.stripe, key)
    t.core.dropResult()
  },
})

/** Looks whether a key has this value, and says that it waits until it has not. */
export const watch = (key: Value, seen: Value): Step => ({
  run: (t) => {
    const look = (stripe: number): number => t.core.watch(stripe, seen !== undefined, seen === undefined)
    t.run(look, t.stripe, key, undefined, seen === undefined ? undefined : { of: seen })
  },
})

export const hold = (key: Value): Step => ({
  run: (t) => {
    t.run(t.core.pin, t.stripe, key)
    t.core.unpin()
  },
})

/** Removes what it holds, as takes in a full heap do. */
export const removePinned = (key: Value): Step => ({
  run: (t) => {
    if (t.run(t.core.pin, t.stripe, key) !== STATUS.found || t.core.removePinned() !== STATUS.removed) t.core.unpin()
  },
  apply: (model) => void model.delete(key),
})

/** Replaces what it holds: a block by one that is in the heap already. */
export const replacePinned = (key: Value, value: Value): Step => ({
  run: (t) => {
    const replace = (stripe: number): number => {
      const status = t.core.pin(stripe)
      if (status !== STATUS.found || t.core.replacePinned() !== STATUS.replaced) t.core.unpin()
      return status
    }
    t.run(replace, t.stripe, key, { of: value })
  },
  apply: (model) => void (model.has(key) && model.set(key, value)),
})

/** An operation that leaves what is there alone, because it is too large to be handed out. */
export const spared = ({ run }: Step): Step => ({ run })

export const iterate: Step = { run: (t) => void t.entries(t.stripe, KIND_CODES.any, KIND_CODES.any) }

/** Removes chain after chain: some entries may be left, but nothing else. */
export const clear: Step = {
  run: (t) => void t.core.clear(t.stripe),
  apply: (model) => model.clear(),
  mayLeave: (left, before) => [...left].every(([key, value]) => before.has(key) && before.get(key) === value),
}

export const reserve = (entries: number): Step => ({ run: (t) => void t.core.reserve(t.stripe, entries) })

/** Closes and opens. */
export const reopen: Step = {
  run: (t) => {
    t.core.closeCollection(t.stripe)
    t.open(t.table, t.generation)
  },
}

/** Leaves the heap and comes back. */
export const rejoin: Step = {
  run: (t) => {
    t.core.closeCollection(t.stripe)
    t.core.detachThread()
    t.attach().open(t.table, t.generation)
  },
}

/** The pool does not let go of its lock: the block of a large value is set aside, and freed with the next. */
export const takeFromHeldPool = (key: Value): Step => ({
  run: (t) => {
    const [lock, id] = [128, t.id]
    const before = t.view().getUint32(lock, true)
    t.view().setUint32(lock, (id << 3) | 1, true) // as if held by this very thread, so that it does not wait for long
    try {
      t.run(t.core.remove, t.stripe, key)
    } finally {
      t.view().setUint32(lock, before, true)
    }
  },
  apply: (model) => void model.delete(key),
})

/** Makes another table, which nobody else will know, fills it, and deletes it while it is open. */
export const another = (kind: 'number' | 'string', entries: number, capacity: number): Step => ({
  run: (t) => {
    const table = t.core.createCollection(ID, KIND_CODES[kind], KIND_CODES[kind], capacity, 0, false) >>> 0
    const generation = t.view().getUint32(table + RECORD.generation, true)
    const stripe = t.core.openCollection(table, generation) >>> 0
    for (let i = 0; i < entries; i++) {
      const word = kind === 'number' ? i : `text ${i}`
      t.run(t.core.set, stripe, word, { of: word })
    }
    t.core.deleteCollection(table, generation)
    t.core.keepCollection()
    t.core.closeCollection(stripe)
  },
})

/** Makes a table without a name, as src/collection/creation.ts does, fills it, and is the last to let go of it: by `end`. */
export const unnamed = (kind: 'number' | 'string', entries: number, end: (t: Actor, stripe: number) => void): Step => ({
  run: (t) => {
    const table = t.core.createCollection(ID, KIND_CODES[kind], KIND_CODES[kind], 1, 0, true) >>> 0
    const generation = t.view().getUint32(table + RECORD.generation, true)
    const stripe = t.core.openCollection(table, generation) >>> 0
    t.core.keepCollection()
    for (let i = 0; i < entries; i++) {
      const word = kind === 'number' ? i : `text ${i}`
      t.run(t.core.set, stripe, word, { of: word })
    }
    end(t, stripe)
  },
})

export const closing = (t: Actor, stripe: number): void => void t.core.closeCollection(stripe)

/** Opens it twice, and leaves the heap with it. */
export const leaving = (t: Actor, stripe: number): void => {
  const table = t.view().getUint32(stripe, true)
  t.core.openCollection(table, t.view().getUint32(table + RECORD.generation, true))
  t.core.closeCollection(stripe)
  t.core.closeCollection(t.stripe)
  t.core.detachThread()
  t.attach().open(t.table, t.generation)
}

/** Makes a table with a name, as src/table/directory.ts does, and deletes it again. */
export const named: Step = {
  run: (t) => {
    const directory = t.core.openCollection(t.view().getUint32(32, true), 1) >>> 0
    const table = t.core.createCollection(ID, KIND_CODES.number, KIND_CODES.number, 1, 0, false) >>> 0
    const generation = t.view().getUint32(table + RECORD.generation, true)
    t.run(t.core.insert, directory, 'name', { of: generation * 2 ** 32 + table })
    t.core.keepCollection()
    t.core.claimCollection(table, generation)
    t.run(t.core.take, directory, 'name')
    t.core.deleteCollection(table, generation)
    t.core.keepCollection()
    t.core.closeCollection(directory)
  },
}

export const beginTrace = (events: number): Step => ({
  run: (t) => {
    if (t.core.beginTrace(events, 1) !== 0) throw new Failure(STATUS.outOfMemory)
  },
})

export const endTrace: Step = { run: (t) => void t.core.endTrace() }

export function many(from: number, to: number, step: (i: number) => Step): Step[] {
  return Array.from({ length: to - from }, (_, i) => step(from + i))
}

export const text = (i: number): string => `text ${i}`
export const long = (i: number, length = LONG): string => String.fromCharCode(97 + (i % 26)).repeat(length)

/** Several of setMany at once: each is an operation of its own. */
export const setNumbers = (keys: readonly number[]): Step => ({
  run: (t) => {
    const view = t.view()
    keys.forEach((key, i) => {
      view.setFloat64(t.scratch + SCRATCH.value + i * 16, key, true)
      view.setFloat64(t.scratch + SCRATCH.value + i * 16 + 8, key + 0.5, true)
    })
    t.core.setMany(t.stripe, keys.length)
  },
  apply: (model) => keys.forEach((key) => model.set(key, key + 0.5)),
  mayLeave: (left, before) =>
    keys.some((_, i) => same(left, withKeys(before, keys.slice(0, i)))) || same(left, withKeys(before, keys)),
})

/** Several of getOrInsertNumbers at once: likewise. */
export const insertNumbers = (keys: readonly number[]): Step => ({
  run: (t) => {
    const view = t.view()
    keys.forEach((key, i) => {
      view.setFloat64(t.scratch + SCRATCH.value + i * 16, key, true)
      view.setFloat64(t.scratch + SCRATCH.value + i * 16 + 8, key + 0.5, true)
    })
    t.core.getOrInsertNumbers(t.stripe, keys.length)
  },
  apply: (model) => keys.forEach((key) => model.has(key) || model.set(key, key + 0.5)),
  mayLeave: (left, before) => {
    const absent = keys.filter((key) => !before.has(key))
    return [...absent.keys(), absent.length].some((n) => same(left, withKeys(before, absent.slice(0, n))))
  },
})

export function withKeys(model: Entries, keys: readonly number[]): Entries {
  return new Map([...model, ...keys.map((key): [Value, Value] => [key, key + 0.5])])
}

/** A step that may find no memory: then nothing has changed. */
export function orFull(step: Step): Step {
  let isFull = false
  return {
    run: (t) => {
      isFull = false
      try {
        step.run(t)
      } catch (error) {
        if ((error as { status?: number }).status !== STATUS.outOfMemory) throw error
        isFull = true
      }
    },
    apply: (model) => {
      if (!isFull) step.apply!(model)
    },
    mayLeave: (left, before, after) => {
      if (same(left, before) || same(left, after)) return true
      const done = new Map(before)
      step.apply!(done)
      return same(left, done)
    },
  }
}
