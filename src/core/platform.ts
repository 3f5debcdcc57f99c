import { TophashError } from './errors.js'

// What differs between runtimes, found out by looking for the feature, never by the runtime's name.

/** @throws ERR_NOT_ISOLATED, ERR_UNSUPPORTED where threads cannot share memory, or have no WebAssembly */
export function requireSharedMemory(): void {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated
  if (isolated === false) throw notIsolated()
  if (typeof SharedArrayBuffer !== 'function') {
    throw unsupported('SharedArrayBuffer', 'as in old browsers, or where a page or a flag has taken it away')
  }
  if (typeof WebAssembly !== 'object') {
    throw unsupported('WebAssembly', 'as with node --jitless, or in the lockdown mode of a browser')
  }
}

/** The error for something that tophash needs and this runtime lacks. */
function unsupported(what: string, where: string): TophashError {
  return new TophashError(
    'ERR_UNSUPPORTED',
    `This runtime has no ${what}, which tophash needs (${where}). Node 20 and later, Bun, Deno and current browsers have ` +
      'it, unless it is switched off.',
  )
}

function notIsolated(): TophashError {
  return new TophashError(
    'ERR_NOT_ISOLATED',
    'This page is not cross-origin isolated, so its workers cannot share memory. Serve the page, and its worker ' +
      'scripts, with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: ' +
      'require-corp"; then globalThis.crossOriginIsolated is true.',
  )
}

/**
 * Whether this thread may sleep while it waits for a lock: everywhere but on a browser's main thread. Asked of
 * Atomics.wait, because one engine really lets wasm wait there.
 */
export function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0) // the value is not 1: returns at once, or throws
    return true
  } catch {
    return false
  }
}

/** 32 random bits. */
export function randomWord(): number {
  const { crypto } = globalThis as { crypto?: Crypto }
  const source = crypto ?? builtinModule<{ webcrypto?: Crypto }>('node:crypto')?.webcrypto
  if (!source?.getRandomValues) throw unsupported('crypto.getRandomValues', 'to seed the hash function')
  return source.getRandomValues(new Uint32Array(1))[0]!
}

/** The methods of Node's Buffer that copy text natively. */
export interface TextBuffer {
  latin1Write(text: string, offset: number, length: number): number
  latin1Slice(begin: number, end: number): string
  ucs2Slice(begin: number, end: number): string
}

/**
 * A Buffer over this memory where there is one (Node, Bun, Deno with node globals): several times as fast as a loop.
 */
export function textBuffer(memory: ArrayBufferLike): TextBuffer | undefined {
  const { Buffer } = globalThis as { Buffer?: { from(memory: ArrayBufferLike): Partial<TextBuffer> } }
  const { process } = globalThis as { process?: { versions?: { node?: string } } }
  if (!Buffer || !process?.versions?.node) return undefined // a bundler's substitute is no faster than the loop
  const buffer = Buffer.from(memory)
  return buffer.latin1Write && buffer.latin1Slice && buffer.ucs2Slice ? (buffer as TextBuffer) : undefined
}

const lentModules = Symbol.for('tophash.builtins')

/**
 * A module of Node's, where the runtime has it. To import it here would break bundles for browsers; Node lends it to whoever
 * asks from 20.16 and 22.3 on, and for older ones the package's entry for Node has left it here (scripts/entries.mjs).
 */
export function builtinModule<T>(name: string): T | undefined {
  const { process, [lentModules]: lent } = globalThis as {
    process?: { getBuiltinModule?(name: string): T | undefined }
    [lentModules]?: Readonly<Record<string, T>>
  }
  return process?.getBuiltinModule?.(name) ?? lent?.[name]
}

/** Calls back later, unless the program has ended by then: it does not wait for that. */
export function later(delayMs: number, callback: () => void): void {
  if (typeof setTimeout !== 'function') return // in a worklet
  const timer: unknown = setTimeout(callback, delayMs)
  if (typeof timer === 'object') (timer as { unref?(): void }).unref?.()
  else (globalThis as { Deno?: { unrefTimer?(timer: unknown): void } }).Deno?.unrefTimer?.(timer)
}
