/** What the core imports besides its memory and ask(): nothing in the release build. The checked one: hooks.checked.ts. */
export const hooks: WebAssembly.ModuleImports = {}
