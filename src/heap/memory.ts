import { MAX_PAGES, MIN_PAGES } from '../core/exports.js'
import {
  HEADER,
  HEADER_BYTES,
  LAYOUT_VERSION,
  LIMITS,
  MAGIC,
  PAGE_BYTES,
  RINGS_AT,
  UNIT_BYTES,
  RECORD_ALIGNMENT,
} from '../core/layout.js'
import type { WasmMemory } from '../core/wasm.js'
import { TophashError, corruptHeap, typeError } from '../core/errors.js'

// The memory that a heap lies in.

/** Names a heap by its random id, which is the same in all threads. */
export function keyOf(idLow: number, idHigh: number): string {
  return `${idLow},${idHigh}`
}

/** The name of the heap in this memory. @throws ERR_BAD_HANDLE, ERR_VERSION_MISMATCH, ERR_CORRUPT_HEAP */
export function keyIn(memory: WasmMemory): string {
  const words = new Int32Array(memory.buffer, 0, PAGE_BYTES / 4)
  checkHeader(words)
  checkLimits(new Uint32Array(memory.buffer, 0, PAGE_BYTES / 4), memory)
  return keyOf(words[HEADER.idLow / 4]!, words[HEADER.idHigh / 4]!)
}

/** A memory of so many pages, which may grow. @throws ERR_OUT_OF_MEMORY */
export function allocate(initial: number, maximum: number): WasmMemory {
  try {
    return new WebAssembly.Memory({ initial, maximum, shared: true })
  } catch (cause) {
    const error = new TophashError(
      'ERR_OUT_OF_MEMORY',
      `The runtime has no address space left for a heap of up to ${maximum * PAGE_BYTES} bytes. Let maps share one ` +
        'SharedHeap, and dispose() of heaps that are not needed. Node takes 10 GiB of address space for each heap, ' +
        'whatever its maxBytes, unless it is started with --disable-wasm-trap-handler; in other runtimes a smaller ' +
        'maxBytes can help.',
    )
    error.cause = cause
    throw error
  }
}

function checkHeader(words: Int32Array): void {
  if (words[HEADER.magic / 4] !== MAGIC) {
    throw typeError('ERR_BAD_HANDLE', 'The memory of this handle holds no tophash heap. Pass what map.handle returned.')
  }
  const version = words[HEADER.layoutVersion / 4]
  if (version !== LAYOUT_VERSION) {
    throw new TophashError(
      'ERR_VERSION_MISMATCH',
      `This heap has layout version ${version}, this copy of tophash reads version ${LAYOUT_VERSION}. Let all ` +
        'threads load the same version of tophash.',
    )
  }
}

/** Whether what the header says can be true: before this thread writes to where it leads. @throws ERR_CORRUPT_HEAP */
function checkLimits(words: Uint32Array, memory: WasmMemory): void {
  // First where it leads to, then how far the heap reaches: others may make it larger, and put new tables there.
  const places = [LIMITS.records, HEADER.directory, LIMITS.ring, RINGS_AT]
  const leads = places.map((at) => Atomics.load(words, at / 4))
  const [tables, directory, ...runs] = leads as [number, number, ...number[]]
  const [end, most] = [Atomics.load(words, LIMITS.endPages / 4), words[HEADER.maxPages / 4]!]
  const pages = memory.grow(0) // the true size: the buffer can be an old one for a moment
  const isSize = MIN_PAGES <= most && most <= MAX_PAGES
  const isFilled = HEADER_BYTES <= end * PAGE_BYTES && end <= Math.min(most, pages)
  if (!isSize || !isFilled) throw corruptHeap(`This heap's header says that ${end} of ${most} pages are in use, of ${pages}`)
  const isPlace = (at: number, alignment: number): boolean =>
    at === 0 || (at % alignment === 0 && at >= HEADER_BYTES && at < end * PAGE_BYTES)
  const areTables = isPlace(tables, RECORD_ALIGNMENT) && isPlace(directory, RECORD_ALIGNMENT)
  if (areTables && runs.every((run) => isPlace(run, UNIT_BYTES))) return
  throw corruptHeap(`This heap's header leads to ${leads.join(', ')}, where nothing of a heap can be`)
}
