import { demangle, instantiateSync } from '@assemblyscript/loader'
import bytes from '../../build/tophash.wasm'
import { TophashError, typeError } from './errors.js'
import { clockWith } from './clock.js'
import { RUNS, SAMPLES } from './compiled.js'
import type { CoreExports } from './exports.js'
import { hooks } from './hooks.js'
import type { WasmMemory, WasmModule } from './wasm.js'

// The loader looks at the name of each export with a regular expression, whenever this thread makes or joins a heap.
for (let run = 0; run < RUNS; run++) demangle(Object.fromEntries(SAMPLES.map((name) => [name, () => {}])))

let compiled: WebAssembly.Module | undefined

/**
 * The compiled core: to be posted to workers that load 'tophash/slim', so that they neither load nor compile it again.
 *
 * @throws ERR_UNSUPPORTED where a policy forbids to compile it
 */
export function coreModule(): WasmModule {
  return usedCore()
}

function usedCore(): WebAssembly.Module {
  return (compiled ??= compile())
}

/**
 * Uses this core in this thread: what `coreModule()` returned in another one, or a module that was compiled of
 * 'tophash/tophash.wasm' of the same version. To be called before the first map is made or attached.
 *
 * @throws ERR_OPTIONS if it is no WebAssembly.Module, or another one is in use
 */
export function useCore(module: WasmModule): void {
  const isModule = typeof WebAssembly === 'object' && module instanceof WebAssembly.Module
  if (!isModule) throw typeError('ERR_OPTIONS', 'useCore takes the WebAssembly.Module that coreModule() of tophash returns.')
  if (compiled && compiled !== module) {
    throw typeError(
      'ERR_OPTIONS',
      'This thread uses a core already. Call useCore(module) before the first map is made or attached.',
    )
  }
  compiled = module as WebAssembly.Module
}

/**
 * Instantiates the core over a heap's memory: one instance per thread and heap, and one more for each thread that is
 * recovered. Compiling is synchronous, so that `new SharedMap()` is; the core is some 60 kB, far below the limit that
 * browsers set for their main thread.
 *
 * @param recoverIfDead what an operation calls that has long waited for a lock: see Deaths
 * @param clocks of caches, by their stripes: see clock.ts
 */
export function instantiate(
  memory: WasmMemory,
  recoverIfDead: (owner: number) => number,
  clocks: ReadonlyMap<number, () => number> = new Map(),
): CoreExports {
  const core = usedCore()
  const env: WebAssembly.ModuleImports = { memory, recoverIfDead, clock: clockWith(clocks), ...hooks }
  return instantiateSync(core, { env }).instance.exports as unknown as CoreExports
}

/** @throws ERR_UNSUPPORTED where a policy forbids it; ERR_OPTIONS where there is none */
function compile(): WebAssembly.Module {
  if (bytes.length === 0) {
    throw typeError(
      'ERR_OPTIONS',
      "tophash/slim brings no core: call useCore(module) first, with what coreModule() of 'tophash' returns.",
    )
  }
  try {
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const error = new TophashError(
      'ERR_UNSUPPORTED',
      `The WebAssembly core of tophash cannot be compiled here (${reason}). If there is a Content-Security-Policy, its ` +
        "script-src must contain 'wasm-unsafe-eval': that of the page, and that with which worker scripts are served.",
    )
    error.cause = cause
    throw error
  }
}
