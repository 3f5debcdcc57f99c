// Everything that a thread can do in a heap that something else has written to. Whatever comes of it, it comes to an end.
import type { CoreExports, Universal } from '../../src/core/exports.js'
import { beginStep, layout, note } from './task.js'
import { type Place, type Thread, Waited, keyOf, setEntry, valueOf } from './world.js'

const { SCRATCH, RECORD, HASH_MAP } = layout

/** Keys that are used: two in the long chain, one elsewhere, one that is not there. */
const KEYS = [0, 1, 24, 40]
const UNIVERSAL = [
  'get',
  'has',
  'insert',
  'exchange',
  'set',
  'compareAndSet',
  'increment',
  'pin',
  'compareAndDelete',
  'take',
  'remove',
] as const

/** A thread that has waited for so many locks in vain is not made to wait for more: each takes some 30 ms. */
const MOST_WAITS = 3
/** One lock is enough that is nobody's, so that nobody is asked about: it was waited for until patience had an end. */
const LONG_WAIT_MS = 5_000
let waits = 0

export function forgetWaits(): void {
  waits = 0
}

/** Calls the core. undefined: it came to a trap, or to a lock whose owner it would wait for. */
function attempt(thread: Thread, name: string, action: () => number | void): number | undefined {
  if (waits >= MOST_WAITS) return undefined
  beginStep(name)
  const begin = performance.now()
  try {
    const status = action()
    if (performance.now() - begin > LONG_WAIT_MS) waits = MOST_WAITS
    note(typeof status === 'number' && status < 0 ? `status ${status}` : 'done')
    return status as number | undefined
  } catch (error) {
    const outcome = outcomeOf(error)
    if (!outcome) throw new Error(`${name}: ${(error as Error).message}`, { cause: error })
    note(outcome)
    if (outcome === 'waited') waits++
    mend(thread)
    return undefined
  }
}

function outcomeOf(error: unknown): string | undefined {
  if (error instanceof WebAssembly.RuntimeError) return 'trapped'
  return error instanceof Waited ? 'waited' : undefined
}

function mend(thread: Thread): void {
  beginStep('mend')
  try {
    thread.core.mend()
  } catch (error) {
    if (!outcomeOf(error)) throw error
    note('not mended')
  }
}

/** Attaches, if it is not yet. Whether it could. */
export function tryAttach(thread: Thread): boolean {
  if (thread.id > 0) return true
  attempt(thread, 'attachThread', () => {
    thread.id = thread.core.attachThread(true, 0, 0, 0, 0, 0, 0)
    return thread.id
  })
  thread.scratch = thread.core.scratchAddress() >>> 0
  const end = thread.look().memory.buffer.byteLength
  return thread.id > 0 && thread.scratch > 0 && thread.scratch + 65_536 <= end
}

/** Does everything to one table, while it is traced. */
export function useTable(thread: Thread, place: Place): void {
  const { core } = thread
  attempt(thread, 'beginTrace', () => core.beginTrace(20, 1))
  const stripe = (attempt(thread, 'openCollection', () => core.openCollection(place.address, place.generation)) ?? 0) >>> 0
  if (stripe === 0) return
  for (const name of UNIVERSAL) for (const key of KEYS) useKey(thread, stripe, place, name, core[name], key)
  useFast(thread, stripe, place)
  attempt(thread, 'size', () => core.size(stripe))
  scanAll(thread, stripe)
  attempt(thread, 'pinChain', () => core.pinChain(stripe, 0, 0xffff_ffff, false))
  attempt(thread, 'unpin', () => core.unpin())
  attempt(thread, 'writeStats', () => core.writeStats(stripe))
  attempt(thread, 'inspectChains', () => core.inspectChains(stripe, 0, 0, 1, 1))
  for (let i = 50; i < 56; i++) attempt(thread, 'set', () => setEntry(thread, stripe, place, i))
  attempt(thread, 'reserve', () => core.reserve(stripe, 60))
  attempt(thread, 'checkHeap', () => core.checkHeap())
  attempt(thread, 'clear', () => core.clear(stripe))
  attempt(thread, 'closeCollection', () => core.closeCollection(stripe))
}

function useKey(thread: Thread, stripe: number, place: Place, name: string, operation: Universal, i: number): void {
  attempt(thread, name, () => {
    const blocks = [
      thread.stage(SCRATCH.keyOperand, SCRATCH.key, keyOf(place.key, i)),
      thread.stage(
        SCRATCH.valueOperand,
        SCRATCH.value,
        name === 'increment' ? (place.value === 'bigint' ? 1n : 1) : valueOf(place.value, i),
      ),
      thread.stage(SCRATCH.expectedOperand, SCRATCH.expected, valueOf(place.value, i)),
    ]
    const status = operation(stripe)
    for (const block of blocks) if (block !== 0) thread.core.dropBlock(block)
    thread.core.dropResult()
    return status
  })
  if (name === 'pin') attempt(thread, 'unpin', () => thread.core.unpin())
}

/** The exports that take a key as an argument. */
function useFast(thread: Thread, stripe: number, { key, value }: Place): void {
  const { core, scratch } = thread
  const text = String(keyOf('string', 2))
  thread.write(scratch + SCRATCH.key + 8, text)
  const block = [stripe, scratch + SCRATCH.key, text.length * 8] as const
  const number = [stripe, Number(keyOf('number', 3))] as const
  const isText = value === 'string' || value === 'any'
  const calls: Partial<Record<keyof CoreExports, () => number>> =
    key === 'number'
      ? {
          getByNumber: () => core.getByNumber(...number),
          hasNumber: () => core.hasNumber(...number),
          setNumberByNumber: () => core.setNumberByNumber(...number, 1),
          incrementNumber: () => core.incrementNumber(...number, 1),
          deleteNumber: () => core.deleteNumber(...number),
          getNumbers: () => core.getNumbers(stripe, 20),
        }
      : {
          getByBlock: () => core.getByBlock(...block),
          getBlockByBlock: () => core.getBlockByBlock(...block),
          hasBlock: () => core.hasBlock(...block),
          setBlockByBlock: () => (isText ? core.setBlockByBlock(...block, scratch + SCRATCH.value, 80) : 0),
          incrementBlock: () => core.incrementBlock(...block, 1),
          deleteBlock: () => core.deleteBlock(...block),
        }
  for (const [name, call] of Object.entries(calls)) attempt(thread, name, call)
}

/** Goes over all entries; more steps than this no table of this size can have. */
function scanAll(thread: Thread, stripe: number): void {
  let cursor = 0
  for (let steps = 0; steps === 0 || cursor !== 0; steps++) {
    if (steps > 70_000) throw new Error('scan does not come to an end')
    const count = attempt(thread, 'scan', () => thread.core.scan(stripe, cursor, 0xffff_ffff, 1000, false))
    if (count === undefined || count < 0) return
    cursor = thread.look().word(thread.scratch + SCRATCH.cursor)
  }
}

/** Makes a collection, and deletes it and another one; gives blocks back; leaves. */
export function useHeap(thread: Thread, place: Place): void {
  const { core } = thread
  attempt(thread, 'inspectHeap', () => core.inspectHeap())
  attempt(thread, 'lookAtTrace', () => core.lookAtTrace())
  attempt(thread, 'readTrace', () => core.readTrace(0))
  attempt(thread, 'endTrace', () => core.endTrace())
  const long = attempt(thread, 'newBlock', () => core.newBlock(8 * 70_000))
  attempt(thread, 'dropBlock', () => core.dropBlock(long ?? 0))
  for (const unnamed of [false, true]) useNewTable(thread, unnamed)
  attempt(thread, 'deleteCollection', () => core.deleteCollection(place.address, place.generation))
  attempt(thread, 'writeHeapStats', () => core.writeHeapStats())
  attempt(thread, 'checkHeap', () => core.checkHeap())
  attempt(thread, 'detachThread', () => core.detachThread())
}

function useNewTable(thread: Thread, unnamed: boolean): void {
  const { core } = thread
  const made = (attempt(thread, 'createCollection', () => core.createCollection(HASH_MAP, 2, 2, 20, 0, unnamed)) ?? 0) >>> 0
  if (made === 0 || made + RECORD.generation >= thread.look().memory.buffer.byteLength) return
  const generation = thread.word(made + RECORD.generation)
  attempt(thread, 'openCollection', () => core.closeCollection(core.openCollection(made, generation)))
  attempt(thread, 'deleteCollection', () => core.deleteCollection(made, generation))
}

/** Recovers a thread that was marked dead. */
export function recover(recoverer: Thread, thread: number): void {
  attempt(recoverer, 'recover', () => recoverer.core.recover(thread, 0))
}
