import type { SharedMapHandle } from 'tophash'

/** What undecodable.test.ts tells its worker. */
export interface Nested {
  readonly handle: SharedMapHandle
  /** Opens when the value is to be taken out again. */
  readonly gate: Int32Array
}

/** An array in an array in an array ... */
export function nested(depth: number): unknown {
  let value: unknown = 'core'
  for (let n = 0; n < depth; n++) value = [value]
  return value
}

/** How deep such an array is. */
export function depthOf(value: unknown): number {
  let depth = 0
  for (let inner = value; Array.isArray(inner); inner = inner[0] as unknown) depth++
  return depth
}
