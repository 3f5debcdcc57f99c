import { setDefaultCodec } from './codecs/default.js'
import { structuredCodec } from './codecs/structured.js'

// 'tophash': with the codec that lets values be objects.

setDefaultCodec(structuredCodec)

export { structuredCodec } from './codecs/structured.js'
export * from './public.js'
