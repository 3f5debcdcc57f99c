import { checkBytes } from '../collection/options.js'
import { MAX_PAGES } from '../core/exports.js'
import { PAGE_BYTES } from '../core/layout.js'
import { checkCount, checkNames } from '../core/options.js'

/** How a heap is made. */
export interface SharedHeapOptions {
  /** Bytes that the memory may grow to, 393,216 to 4 GiB. Default: 4 GiB. What they take: see SharedMap's option. */
  maxBytes?: number | undefined
  /** Bytes that it begins with, 393,216 at least. Default: 1 MiB. */
  initialBytes?: number | undefined
}

const NAMES: readonly string[] = ['maxBytes', 'initialBytes']

/** @throws ERR_OPTIONS unless these are options that a heap can be made with */
export function planHeap(given: unknown): { maxBytes: number; initialBytes: number | undefined } {
  const { maxBytes = MAX_PAGES * PAGE_BYTES, initialBytes } = checkNames('SharedHeap', given, NAMES, '{ maxBytes: 2 ** 30 }')
  checkBytes('maxBytes', maxBytes)
  if (initialBytes !== undefined) checkCount('initialBytes', initialBytes, 0, maxBytes as number, 'bytes')
  return { maxBytes: maxBytes as number, initialBytes: initialBytes as number | undefined }
}
