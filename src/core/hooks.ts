import type { WasmFunctions } from './wasm.js'

/** What the core imports besides its memory, recoverIfDead() and clock(): nothing in the release build. The checked one: hooks.checked.ts. */
export const hooks: WasmFunctions = {}
