import { instantiateSync } from '@assemblyscript/loader'
import bytes from '../../build/tophash.wasm'
import { clock } from './clock.js'
import type { CoreExports } from './exports.js'
import { hooks } from './hooks.js'

let compiled: WebAssembly.Module | undefined

/**
 * Instantiates the core over a heap's memory: one instance per thread and heap, and one more for each thread that is
 * recovered. Compiling is synchronous, so that `new SharedMap()` is; the core is some 60 kB, far below the limit that
 * browsers set for their main thread.
 *
 * @param ask what an operation asks that has long waited for a lock: see Deaths.ask
 */
export function instantiate(memory: WebAssembly.Memory, ask: (owner: number) => number): CoreExports {
  compiled ??= new WebAssembly.Module(bytes)
  const env: WebAssembly.ModuleImports = { memory, ask, clock, ...hooks }
  return instantiateSync(compiled, { env }).instance.exports as unknown as CoreExports
}
