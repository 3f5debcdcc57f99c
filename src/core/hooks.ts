/** What the core imports besides its memory, ask() and clock(): nothing in the release build. The checked one: hooks.checked.ts. */
export const hooks: WebAssembly.ModuleImports = {}
