import { TophashError } from '../errors.js'

// What differs between runtimes, found out by looking for the feature, never by the runtime's name.

/** Throws ERR_NOT_ISOLATED where threads cannot share memory. */
export function requireSharedMemory(): void {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated
  if (isolated !== false && typeof SharedArrayBuffer === 'function') return
  throw new TophashError(
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
  return crypto.getRandomValues(new Uint32Array(1))[0]!
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

/** A module of Node's, where the runtime has it and lends it to whoever asks; bundlers need not know of it. */
export function builtinModule<T>(name: string): T | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): T | undefined } }
  return process?.getBuiltinModule?.(name)
}

/** Calls back later, unless the program has ended by then: it does not wait for that. */
export function later(delayMs: number, callback: () => void): void {
  if (typeof setTimeout !== 'function') return // in a worklet
  const timer: unknown = setTimeout(callback, delayMs)
  if (typeof timer === 'object') (timer as { unref?(): void }).unref?.()
  else (globalThis as { Deno?: { unrefTimer?(timer: unknown): void } }).Deno?.unrefTimer?.(timer)
}

const exitMark = Symbol.for('tophash.exit')

interface ExitingProcess {
  on?(event: 'exit', listener: () => void): void
  on?(event: 'newListener', listener: (event: string, listener: unknown) => void): void
  off(event: 'exit', listener: () => void): void
}

/**
 * Calls back when this thread ends by itself, where the runtime tells, after the program's own listeners for that. A
 * terminated thread is not told.
 */
export function onThreadExit(callback: () => void): void {
  const { process } = globalThis as { process?: ExitingProcess }
  if (!process?.on) return
  Object.assign(callback, { [exitMark]: true })
  const listen = (): void => {
    process.off('exit', callback)
    process.on!('exit', callback)
  }
  listen()
  process.on('newListener', (event, listener) => {
    // Be the last again; but behind another copy of this library there is no need to be, nor would it end.
    if (event === 'exit' && !(exitMark in (listener as object))) queueMicrotask(listen)
  })
}
