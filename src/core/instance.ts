import { instantiateSync } from '@assemblyscript/loader'
import bytes from '../../build/tophash.wasm'
import type { CoreExports } from './exports.js'

let compiled: WebAssembly.Module | undefined

/**
 * Instantiates the core over a heap's memory: one instance per thread and heap. Compiling is synchronous, so that
 * `new SharedMap()` is; the core is some 30 kB, far below the limit that browsers set for their main thread.
 */
export function instantiate(memory: WebAssembly.Memory): CoreExports {
  compiled ??= new WebAssembly.Module(bytes)
  return instantiateSync(compiled, { env: { memory } }).instance.exports as unknown as CoreExports
}
