// A core of which each load and store is told to a test.
import binaryen from 'binaryen'

/** Puts a call before each load and store: the address goes in, and comes back. */
export function instrument(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  const parsed = binaryen.readBinary(binary)
  const { Atomics, BulkMemory, BulkMemoryOpt, MutableGlobals, SignExt, NontrappingFPToInt } = binaryen.Features
  parsed.setFeatures(Atomics | BulkMemory | BulkMemoryOpt | MutableGlobals | SignExt | NontrappingFPToInt)
  parsed.runPasses(['instrument-memory'])
  return parsed.emitBinary() as Uint8Array<ArrayBuffer>
}

export type Instruments = Record<string, (...args: never[]) => unknown>
type Watch = (id: number, bytes: number, offset: number, address: number) => number

/** The imports of the instrumented code: addresses go through `watch`, values through unchanged. */
export function instruments(watch: Watch): Instruments {
  const pass = (_id: number, value: unknown): unknown => value
  const names = ['load', 'store'].flatMap((name) => ['i32', 'i64', 'f32', 'f64'].map((type) => `${name}_val_${type}`))
  const passes = Object.fromEntries(['memory_grow_pre', 'memory_grow_post', ...names].map((name) => [name, pass]))
  return { ...passes, load_ptr: watch, store_ptr: watch }
}
