import type { CoreExports } from '../core/exports.js'
import { corruptHeap } from '../core/errors.js'

/**
 * The exports that get, has, set, delete and increment call. What guards them is in those methods, because a function
 * in between would cost what they are fast for.
 */
const FAST: ReadonlySet<string> = new Set<keyof CoreExports>([
  'getByNumber',
  'getByBlock',
  'getKnown',
  'getBlockKnown',
  'describeKnown',
  'hasKnown',
  'getBlockByNumber',
  'getBlockByBlock',
  'hasNumber',
  'hasBlock',
  'setNumberByNumber',
  'setBlockByNumber',
  'setNumberByBlock',
  'setBlockByBlock',
  'setNumberKnown',
  'setBlockKnown',
  'deleteNumber',
  'deleteBlock',
  'incrementNumber',
  'incrementBlock',
  'incrementKnown',
  'pushNumber',
  'pushBlock',
  'pop',
])
/** Those that leave nothing to mend, or are called when there is no slot yet in which to. */
const PLAIN: ReadonlySet<string> = new Set<keyof CoreExports>([
  'initializeHeap',
  'attachThread',
  'mend',
  'recover',
  'hurry',
  'scratchAddress',
  'pages',
  'addBit',
  'deleteBit',
  'flipBit',
  'hasBit',
  'claimCollection',
  'keepCollection',
])

/**
 * Resolved. `soon.then(mend)` where an exception is caught takes no stack: no function of JavaScript's runs. A stack
 * overflow is caught near the end of the stack, and mend() itself may come to it; in the next microtask it cannot.
 */
export const soon: Promise<void> = Promise.resolve()

/** What came out of the core as an error of ours: a trap says that it has found what it has never written. */
export function trapped(error: unknown): unknown {
  if (!(error instanceof WebAssembly.RuntimeError)) return error
  return corruptHeap(`An operation came to a trap (${error.message})`, error)
}

type Export = (...args: unknown[]) => unknown

/**
 * The exports of a core, of which each calls `mend` if an exception leaves it: the stack can overflow at any call,
 * also while a lock is held.
 */
export function guarded(core: CoreExports, mend: () => void): CoreExports {
  const exports: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(core)) {
    const isPlain = typeof value !== 'function' || FAST.has(name) || PLAIN.has(name)
    exports[name] = isPlain ? value : guard(value as Export, mend)
  }
  return exports as unknown as CoreExports
}

/** What guard() passes on: by name, because an array of them would cost more than the call. */
const MOST_ARGUMENTS = 6

function guard(operation: Export, mend: () => void): Export {
  if (operation.length > MOST_ARGUMENTS)
    throw new RangeError(`An export takes ${operation.length} arguments: guard() has to know.`)
  return (a, b, c, d, e, f) => {
    try {
      return operation(a, b, c, d, e, f)
    } catch (error) {
      void soon.then(mend)
      mend()
      throw trapped(error)
    }
  }
}
