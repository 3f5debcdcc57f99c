// What a collection holds, looked at through every method that can tell.
import { expect } from 'vitest'
import type { MapLike, SetLike } from './subject.js'

/** Expects a map to hold these entries and no others, in any order. */
export function expectEntries(map: MapLike, entries: readonly (readonly [unknown, unknown])[]): void {
  const found = [...map.entries()]
  expect(found).toHaveLength(entries.length)
  expect(map.size).toBe(entries.length)
  expect(new Map(found)).toEqual(new Map(entries))
  for (const [key, value] of entries) {
    expect(map.has(key)).toBe(true)
    expect(map.get(key)).toEqual(value)
  }
}

/** Expects a set, shared or not, to hold these values and no others, in any order. */
export function expectValues(set: SetLike | Set<unknown>, values: readonly unknown[]): void {
  const found = [...set.values()]
  expect(found).toHaveLength(values.length)
  expect(set.size).toBe(values.length)
  expect(new Set(found)).toEqual(new Set(values))
}

/** What `action` throws; fails if it does not. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return expect.fail('Nothing was thrown.')
}

/** Whether two keys or values are the same: SameValue, and by content where they are bytes or objects. */
export function same(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (typeof a === 'object' && typeof b === 'object' && text(a) === text(b))
}

/** A string for each key or value: different ones for different ones. */
export function text(it: unknown): string {
  return `${typeof it} ${typeof it === 'object' ? JSON.stringify(it) : String(it)}`
}
