// What the suites run over: a class that claims to be a Map or a Set, and what it takes as keys and values.
import { describe } from 'vitest'
import type { SampleKind } from './samples.js'

/** The methods of Map, over keys and values of any type: each class under test is seen through this. */
export interface MapLike {
  readonly size: number
  readonly [Symbol.toStringTag]: string
  get(key: unknown): unknown
  set(key: unknown, value: unknown): this
  has(key: unknown): boolean
  delete(key: unknown): boolean
  clear(): void
  forEach(callback: (value: unknown, key: unknown, map: MapLike) => unknown, thisArg?: unknown): void
  keys(): IterableIterator<unknown>
  values(): IterableIterator<unknown>
  entries(): IterableIterator<[unknown, unknown]>
  [Symbol.iterator](): IterableIterator<[unknown, unknown]>
  getOrInsert(key: unknown, value: unknown): unknown
  getOrInsertComputed(key: unknown, callback: (key: unknown) => unknown): unknown
}

/** The methods of Set, over values of any type. */
export interface SetLike {
  readonly size: number
  readonly [Symbol.toStringTag]: string
  add(value: unknown): this
  has(value: unknown): boolean
  delete(value: unknown): boolean
  clear(): void
  forEach(callback: (value: unknown, key: unknown, set: SetLike) => unknown, thisArg?: unknown): void
  keys(): IterableIterator<unknown>
  values(): IterableIterator<unknown>
  entries(): IterableIterator<[unknown, unknown]>
  [Symbol.iterator](): IterableIterator<unknown>
  union(other: unknown): Set<unknown>
  intersection(other: unknown): Set<unknown>
  difference(other: unknown): Set<unknown>
  symmetricDifference(other: unknown): Set<unknown>
  isSubsetOf(other: unknown): boolean
  isSupersetOf(other: unknown): boolean
  isDisjointFrom(other: unknown): boolean
}

export interface MapClass {
  new (entries?: unknown): MapLike
  readonly prototype: MapLike
  groupBy(items: unknown, callback: unknown): MapLike
}

export interface SetClass {
  new (values?: unknown): SetLike
  readonly prototype: SetLike
}

interface Subject {
  /** Names the tests. */
  readonly name: string
  /** What [Symbol.toStringTag] says. */
  readonly tag: string
  /** What may be a key, in a set a value. */
  readonly kind: SampleKind
  /** Why a built-in class cannot be asked for this method here. Undefined: it is there, or has to be. */
  lacks(method: string): string | undefined
}

export interface MapSubject extends Subject {
  readonly Class: MapClass
  readonly valueKind: SampleKind
}

export interface SetSubject extends Subject {
  readonly Class: SetClass
}

/** The methods that ES2025 added to Set: the first four make a new one. */
export const COMBINATIONS = ['union', 'intersection', 'difference', 'symmetricDifference'] as const
export const RELATIONS = ['isSubsetOf', 'isSupersetOf', 'isDisjointFrom'] as const
export const SET_METHODS = [...COMBINATIONS, ...RELATIONS] as const

/** The tests of one method. Where the runtime's own class lacks the method they are skipped; the name says why. */
export function describeMethod(subject: Subject, method: string, tests: () => void): void {
  const reason = subject.lacks(method)
  if (reason === undefined) describe(method, tests)
  else describe.skip(`${method} (${reason})`, tests)
}

/** Those of these methods that can be asked for. */
export function present<M extends string>(subject: Subject, methods: readonly M[]): M[] {
  return methods.filter((method) => subject.lacks(method) === undefined)
}
