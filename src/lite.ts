// 'tophash/lite': without a codec. Values are primitives and Uint8Arrays, unless a map is given a codec.

export * from './public.js'
