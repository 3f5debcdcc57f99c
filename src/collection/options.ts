import { type Options, checkCount } from '../core/options.js'
import { defaultCodec } from '../codecs/default.js'
import type { ObjectCodec } from '../codecs/object-codec.js'
import { MAX_PAGES, MIN_PAGES } from '../core/exports.js'
import { PAGE_BYTES } from '../core/layout.js'
import { MAX_CAPACITY } from '../table/layout.js'
import { describe, typeError } from '../core/errors.js'
import type { SharedHeapHandle } from './handle.js'
import { KINDS, type Key, type Kind, type TypeOf } from '../core/kinds.js'
import type { Schema } from '../table/schema.js'

/** A SharedHeap, as an option. */
export interface HeapOption {
  readonly handle: SharedHeapHandle
}

/** Where a collection lives. */
export interface PlaceOptions {
  /**
   * Entries to make room for; with fewer nothing grows. Default: 52. Of no effect if the collection is there already.
   */
  capacity?: number | undefined
  /** The SharedHeap to live in. Default: one of its own. */
  heap?: HeapOption | undefined
  /**
   * Under which others find it in that heap: made if it is not there yet. It stays until heap.delete(name). Without a
   * name only its handle leads to it, and it is freed when the last thread that has it open lets go of it.
   */
  name?: string | undefined
  /**
   * Bytes that its own heap may grow to, 393,216 to 4 GiB. Default: 4 GiB. They take address space at once, memory when they
   * are used. Node takes 10 GiB of address space for each heap whatever this says, unless it is started with
   * --disable-wasm-trap-handler.
   */
  maxBytes?: number | undefined
}

/** What entries must be besides: their keys must be such as a map takes. */
export type KeyedBy<K> = [K] extends [Key] ? unknown : never

/** The type that the option P declares; A if it does not. */
export type Declared<O, P extends string, A> = O extends { readonly [X in P]: infer T extends Kind } ? TypeOf<T, A> : A

/** Options O, of which each is one of P's. */
export type Only<O, P> = O & { readonly [X in Exclude<keyof O, keyof P>]: never }

/** Options that were checked, with what they are by default. */
export interface Plan {
  readonly schema: Schema
  readonly capacity: number
  readonly heap: object | undefined
  readonly name: string | undefined
  readonly maxBytes: number | undefined
}

/** The names of PlaceOptions. */
export const PLACE_NAMES = ['capacity', 'heap', 'name', 'maxBytes']

/** The kind of keys or values that an option says. @throws ERR_OPTIONS */
export function checkKind(name: string, kind: unknown = 'any'): Kind {
  if ((KINDS as readonly unknown[]).includes(kind)) return kind as Kind
  const names = KINDS.map((known) => `'${known}'`).join(', ')
  throw typeError('ERR_OPTIONS', `The option ${name} must be one of ${names}; got ${describe(kind)}.`)
}

/** Where a collection is to live. @throws ERR_OPTIONS */
export function planPlace({ capacity = 0, heap, name, maxBytes }: Options): Omit<Plan, 'schema'> {
  checkCount('capacity', capacity, 0, MAX_CAPACITY, 'entries')
  if (maxBytes !== undefined) checkBytes('maxBytes', maxBytes)
  if (heap !== undefined && maxBytes !== undefined) {
    throw typeError(
      'ERR_OPTIONS',
      'The option maxBytes is for a collection with a heap of its own. Give it to new SharedHeap({ maxBytes }).',
    )
  }
  if (heap !== undefined && (typeof heap !== 'object' || heap === null)) throw noHeap(heap)
  if (name !== undefined) checkName(name)
  if (name !== undefined && heap === undefined) {
    throw typeError('ERR_OPTIONS', 'The option name needs the option heap: the SharedHeap in which others find it.')
  }
  const place = { capacity, heap, name, maxBytes }
  return place as Omit<Plan, 'schema'>
}

/** The error for something else in place of a SharedHeap. */
export function noHeap(given: unknown): Error {
  return typeError(
    'ERR_OPTIONS',
    `The option heap must be a SharedHeap; got ${describe(given)}. SharedHeap.attach(handle) makes one of a handle.`,
  )
}

/** @throws ERR_OPTIONS unless a collection can have this name */
export function checkName(name: unknown): asserts name is string {
  if (typeof name === 'string') return
  throw typeError('ERR_OPTIONS', `The name of a collection must be a string; got ${describe(name)}.`)
}

/** The codec of a table whose values are of this kind. @throws ERR_OPTIONS if it cannot be the given one */
export function codecFor(value: Kind, given: unknown): ObjectCodec | undefined {
  if (given === undefined) return value === 'any' ? defaultCodec() : undefined
  const { name, encode, decode } = (given ?? {}) as Partial<ObjectCodec>
  if (typeof name !== 'string' || typeof encode !== 'function' || typeof decode !== 'function') {
    throw typeError('ERR_OPTIONS', `The option codec must be an object with name, encode and decode; got ${describe(given)}.`)
  }
  if (value === 'any') return given as ObjectCodec
  throw typeError(
    'ERR_OPTIONS',
    `The option codec is for values of kind 'any', which objects can be; these are of kind '${value}'.`,
  )
}

/** @throws ERR_OPTIONS unless a heap can be so large */
export function checkBytes(name: string, bytes: unknown): void {
  checkCount(name, bytes, MIN_PAGES * PAGE_BYTES, MAX_PAGES * PAGE_BYTES, 'bytes')
}
