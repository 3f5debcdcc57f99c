import { HEADER, LAYOUT_VERSION, MAGIC, PAGE_BYTES } from './core/exports.js'
import { TophashError, typeError } from './errors.js'

// The memory that a heap lies in.

/** Names a heap by its random id, which is the same in all threads. */
export function keyOf(idLow: number, idHigh: number): string {
  return `${idLow},${idHigh}`
}

/** The name of the heap in this memory. @throws ERR_BAD_HANDLE, ERR_VERSION_MISMATCH */
export function keyIn(memory: WebAssembly.Memory): string {
  const words = new Int32Array(memory.buffer, 0, PAGE_BYTES / 4)
  checkHeader(words)
  return keyOf(words[HEADER.idLow / 4]!, words[HEADER.idHigh / 4]!)
}

/** A memory of so many pages, which may grow. @throws ERR_OUT_OF_MEMORY */
export function allocate(initial: number, maximum: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial, maximum, shared: true })
  } catch (cause) {
    const error = new TophashError(
      'ERR_OUT_OF_MEMORY',
      `The runtime has no address space left for a heap of up to ${maximum * PAGE_BYTES} bytes. Create it with a ` +
        'smaller maxBytes, or let maps share a heap.',
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
