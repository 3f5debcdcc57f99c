import { setDefaultCodec } from './codecs/default.js'
import { structuredCodec } from './codecs/structured.js'

// 'tophash/slim': all of 'tophash' but the core, for workers whose page has it already: the page posts `coreModule()` of
// 'tophash', the worker calls `useCore(module)` before anything else. The compressed bundle of a worker is half as large.

setDefaultCodec(structuredCodec)

export * from './public.js'
