import type { CoreExports } from '../core/exports.js'

/**
 * The exports that get, has, set, delete and increment call. What guards them against exceptions is in those methods, for
 * a function in between would cost what they are fast for.
 */
const FAST: ReadonlySet<string> = new Set<keyof CoreExports>([
  'getByNumber', 'getByBlock', 'getBlockByNumber', 'getBlockByBlock', 'hasNumber', 'hasBlock', 'setNumberByNumber',
  'setBlockByNumber', 'setNumberByBlock', 'setBlockByBlock', 'deleteNumber', 'deleteBlock', 'incrementNumber',
  'incrementBlock',
])
/** Those that are told nothing by `mend`, or have begun nothing. */
const PLAIN: ReadonlySet<string> = new Set<keyof CoreExports>([
  'initializeHeap', 'attachThread', 'mend', 'recover', 'scratchAddress', 'pages', 'isTable', 'claimTable', 'keepTable',
])

type Export = (...args: unknown[]) => unknown

/**
 * The exports of a core, of which each calls `mend` if an exception leaves it: a stack overflow can come up at any call,
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

function guard(operation: Export, mend: () => void): Export {
  return (a, b, c, d, e) => {
    try {
      return operation(a, b, c, d, e)
    } catch (error) {
      mend()
      throw error
    }
  }
}
