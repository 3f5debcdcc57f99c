import { later, randomWord } from '../core/platform.js'
import { mayUse } from '../core/detectors.js'

// Web Locks: what browsers free when a thread has ended, however it did. Each thread holds one, under a random name
// that its slots tell. Others who have seen it held ask for it, and get it when the thread is gone. Having seen it is
// what counts: a lock that is not held may not be held yet, or may be out of sight (a page of the same origin within
// one of another has locks of its own).

/** Two words that name a thread's lock; both 0: it has none. */
export interface Token {
  readonly tokenLow: number
  readonly tokenHigh: number
}

/** After so long nothing of a thread runs any more whose lock was freed: it was stopped before, or is being stopped. */
const GRACE_MS = 100

const locks = usableLocks()

/** Node never frees the lock of a thread that was terminated, and in Deno a lock keeps its thread from ending. */
function usableLocks(): LockManager | undefined {
  const { process, navigator } = globalThis as {
    process?: { versions?: { node?: string } }
    navigator?: { locks?: LockManager }
  }
  return mayUse('locks') && !process?.versions?.node ? navigator?.locks : undefined
}

interface Hold extends Token {
  /** Resolves when the lock is held, or never will be. */
  readonly settled: Promise<void>
  release(): void
}

/** This thread's lock, while it has a slot anywhere. */
let own: Hold | undefined
let slots = 0

/** The locks of others that this thread has seen held, and how to give up waiting for them. */
const watches = new Map<string, AbortController>()
/** Those that were held and are not any more. */
const freed = new Set<string>()

type Listener = () => void
const [freedListeners, lostListeners]: [Listener[], Listener[]] = [[], []]

/** Calls back when the lock of another thread was freed. */
export function onLockFreed(listener: Listener): void {
  freedListeners.push(listener)
}

/** Calls back when this thread's lock turns out not to be held, so that it must not be named any more. */
export function onLockLost(listener: Listener): void {
  lostListeners.push(listener)
}

/** Names this thread's lock, for one more slot. It is taken with the first. */
export function takeToken(): Token {
  if (!locks) return { tokenLow: 0, tokenHigh: 0 }
  if (slots++ === 0) own = hold(locks)
  return own!
}

/** A slot less. With the last one the lock goes: the next one will have another name. */
export function dropToken(): void {
  if (!locks || --slots > 0) return
  own?.release()
  own = undefined
  for (const watch of watches.values()) watch.abort()
  watches.clear()
  freed.clear()
}

/** Resolves when this thread's lock is held, or it is clear that there will be none. */
export function whenHeld(): Promise<void> {
  return own?.settled ?? Promise.resolve()
}

/** Calls back then, if this thread has a lock at all. */
export function onceHeld(callback: () => void): void {
  void own?.settled.then(callback)
}

function hold(manager: LockManager): Hold {
  const token = { tokenLow: randomWord(), tokenHigh: randomWord() }
  let release!: () => void
  const released = new Promise<void>((resolve) => (release = resolve))
  const settled = new Promise<void>((resolve) => {
    const request = manager.request(nameOf(token), () => {
      resolve()
      return released
    })
    request.catch(() => {
      resolve()
      // In a task of its own: in Chromium a worker that is being terminated comes to here, but no further.
      later(0, () => {
        if (own?.settled === settled) for (const listener of lostListeners) listener()
      })
    })
  })
  return { ...token, settled, release }
}

/** Whether the thread of a token has ended: its lock was seen held, and is free. */
export function isFreed(token: Token): boolean {
  return freed.has(nameOf(token))
}

/** Which of these are held now. They are watched from then on. */
export async function findHeld<T extends Token>(tokens: readonly T[]): Promise<T[]> {
  if (!locks || tokens.length === 0) return []
  const { held = [] } = await locks.query()
  const names = new Set(held.map(({ name }) => name))
  const found = tokens.filter((token) => names.has(nameOf(token)))
  if (own) for (const token of found) watch(locks, nameOf(token))
  return found
}

/** Waits, behind its holder, for a lock that has been seen held. */
function watch(manager: LockManager, name: string): void {
  if (watches.has(name) || freed.has(name) || (own && name === nameOf(own))) return
  const control = new AbortController()
  watches.set(name, control)
  const request = manager.request(name, { mode: 'shared', signal: control.signal }, () => {})
  request.then(
    () => later(GRACE_MS, () => noteFreed(name, control)),
    () => watches.delete(name), // given up
  )
}

function noteFreed(name: string, control: AbortController): void {
  if (watches.get(name) !== control) return // this thread has left all heaps meanwhile
  watches.delete(name)
  freed.add(name)
  for (const listener of freedListeners) listener()
}

function nameOf({ tokenLow, tokenHigh }: Token): string {
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
  return `tophash:${hex(tokenHigh)}${hex(tokenLow)}`
}
