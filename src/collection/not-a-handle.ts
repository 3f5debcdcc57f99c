import { describe } from '../core/errors.js'
import { type CollectionName, type Noun, STRUCTURES } from '../core/structures.js'

// What somebody has given to attach() that is no handle: most of what goes wrong between threads goes wrong here, and the
// error is all that tells why.

export type ClassName = CollectionName | 'SharedHeap'
const NOUNS = {
  ...(Object.fromEntries(Object.entries(STRUCTURES).map(([noun, { className }]) => [className, noun])) as Record<
    CollectionName,
    Noun
  >),
  SharedHeap: 'heap',
} as const

/** What to say of something that is no handle of this class. It never throws, whatever tricks the value knows. */
export function explainNoHandle(className: ClassName, given: unknown): string {
  const noun = NOUNS[className]
  const what = whatIs(className, given)
  return `${className}.attach takes what ${noun}.handle returned in another thread. ${what ?? `It got ${describe(given)}.`}`
}

/** What to say of a handle whose memory is missing, or is none. */
export function explainNoMemory(given: unknown): string {
  return (
    `The handle has no shared memory in it; its memory is ${describe(given)}. A handle goes to a thread of the same ` +
    'process, by workerData or postMessage. As JSON, or in a message between processes (fork, cluster, pools of ' +
    'processes), it loses its memory: processes cannot share a map. Use Worker of node:worker_threads, or a pool of such ' +
    'workers.'
  )
}

function whatIs(className: ClassName, given: unknown): string | undefined {
  if (given === undefined || given === null) {
    const sending = `new Worker(url, { workerData: ${NOUNS[className]}.handle })`
    return `It got ${given}. Has the handle been sent? That is done by ${sending}.`
  }
  if (typeof given === 'string') {
    return `It got ${describe(given)}: a handle cannot travel as text, as in JSON or an environment variable.`
  }
  if (typeof given !== 'object') return undefined
  return whatObjectIs(className, given)
}

function whatObjectIs(className: ClassName, given: object): string | undefined {
  const tag = tagOf(given)
  if (isClassName(tag)) return `It got the ${tag} itself: pass its handle, ${NOUNS[tag]}.handle.`
  const kind = property(given, 'tophash')
  if (isClassName(kind)) {
    const then = kind === 'SharedHeap' ? `, and then heap.${NOUNS[className]}(name)` : ''
    return `It got the handle of a ${kind}: call ${kind}.attach(handle)${then}.`
  }
  const name = keysOf(given).find((key) => isClassName(property(property(given, key), 'tophash')))
  if (name !== undefined) return `It got ${describe(given)} that has a handle as its property ${name}: pass that.`
  if (tag !== 'Object' || keysOf(given).length > 0) return undefined
  const { [className]: noun } = NOUNS
  return `It got an empty object: that is what arrives if a ${noun} itself is sent. Send ${noun}.handle.`
}

function isClassName(name: unknown): name is ClassName {
  return typeof name === 'string' && Object.hasOwn(NOUNS, name)
}

function tagOf(value: object): string {
  try {
    return Object.prototype.toString.call(value).slice(8, -1)
  } catch {
    return ''
  }
}

function property(value: unknown, key: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[key]
  } catch {
    return undefined
  }
}

/** The properties of an object; of an event: what it carries. */
function keysOf(value: object): string[] {
  try {
    return [...Object.keys(value).slice(0, 20), ...('data' in value ? ['data'] : [])]
  } catch {
    return []
  }
}
