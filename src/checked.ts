import { setDefaultCodec } from './codecs/default.js'
import { structuredCodec } from './codecs/structured.js'

// 'tophash/checked': the same sources with a checkpoint between all steps, for tests of what happens when a thread stops
// or dies in the middle of an operation. Slower than 'tophash', and what it works on is the same: threads that use
// either share the same heaps. Within one thread, use one of them.

setDefaultCodec(structuredCodec)

export * from './public.js'
export { type Checkpoint, onCheckpoint } from './core/hooks.checked.js'
export { CHECKPOINTS } from './core/layout.js'
