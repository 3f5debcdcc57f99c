import { STATUS } from '../core/layout.js'
import { TophashError } from '../core/errors.js'
import { failure } from '../core/failure.js'
import { Heap, type HeapUser, type Use } from '../heap/heap.js'
import { planHeap } from './options.js'

/** A heap as one SharedHeap object has it open. */
export class OpenHeap implements HeapUser {
  #use: Use | undefined

  constructor(heap: Heap) {
    this.#use = heap.retain(this)
  }

  get isOpen(): boolean {
    return this.#use !== undefined
  }

  /** The binding. @throws ERR_DISPOSED; ERR_UNSUPPORTED in a clock of the program's */
  get binding(): Heap {
    const heap = this.#use?.heap
    heap?.ensureUsable()
    if (heap) return heap
    throw new TophashError(
      'ERR_DISPOSED',
      'This heap was disposed of in this thread. Keep the handle and call SharedHeap.attach(handle) to use it again.',
    )
  }

  close(): void {
    const use = this.#use
    use?.heap.release(use)
    this.#use = undefined
  }
}

/** Makes a heap that has names. @throws ERR_OPTIONS, ERR_NOT_ISOLATED, ERR_OUT_OF_MEMORY */
export function createHeap(options: unknown): OpenHeap {
  const { maxBytes, initialBytes } = planHeap(options)
  const heap = Heap.create(maxBytes, initialBytes)
  try {
    if (heap.core.createDirectory() >>> 0 === 0) {
      throw failure(heap, STATUS.outOfMemory, { done: 'No heap was made', remedy: 'Give it a larger maxBytes' })
    }
  } catch (error) {
    heap.leaveIfUnused()
    throw error
  }
  return new OpenHeap(heap)
}
