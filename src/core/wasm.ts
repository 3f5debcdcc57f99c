// WebAssembly's types, as far as the library's own types refer to them. TypeScript has them in the libraries of pages and of
// workers, and there these are the same; a program for Node alone has none of those, and must still compile.

/** A WebAssembly.Memory. */
export type WasmMemory = typeof globalThis extends { WebAssembly: { Memory: { prototype: infer M } } }
  ? M
  : { readonly buffer: ArrayBufferLike; grow(pages: number): number }

/** A WebAssembly.Module. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object

/** Functions that the core imports. */
export type WasmFunctions = Readonly<Record<string, (...given: number[]) => number | void>>
