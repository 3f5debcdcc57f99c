// Compiles a few lines of AssemblyScript against the core's sources, so that a test can ask the compiler itself for an
// offset, or call a function that the core does not export.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FLAGS = ['--runtime', 'stub', '--enable', 'threads', '--importMemory', '--sharedMemory', '--initialMemory', '4', '--maximumMemory', '65536']

/** The binary of `source`, which may import from './assembly/...'. */
export async function compile(source: string, ...flags: string[]): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined
  const { error, stderr } = await asc.main(['probe.ts', '--outFile', 'probe.wasm', ...FLAGS, ...flags], {
    readFile: (name) => (name === 'probe.ts' ? source : read(name)),
    writeFile: (name, contents) => {
      if (name === 'probe.wasm') binary = contents as Uint8Array<ArrayBuffer>
    },
    listFiles: () => [],
  })
  if (error || !binary) throw new Error(`${error?.message}\n${stderr.toString()}`)
  return binary
}

/** The exports of `source`, in a memory of its own. */
export async function run(source: string): Promise<Record<string, unknown>> {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared: true })
  const abort = (): never => {
    throw new Error('The probe aborted.')
  }
  return new WebAssembly.Instance(new WebAssembly.Module(await compile(source)), { env: { memory, abort, ask: () => 0, clock: () => 1, checkpoint: () => {} } }).exports
}

/** A file of the core; its options are not for probes, which need no optimising. */
function read(name: string): string | null {
  if (name === 'asconfig.json') return null
  try {
    return readFileSync(ROOT + name, 'utf8')
  } catch {
    return null // asc asks for several places until one has the file
  }
}

/** AssemblyScript constant expressions, of which all values come out of one compilation. */
export class Questions {
  readonly #imports: string
  readonly #expressions: string[] = []
  #answers: readonly number[] = []

  constructor(imports: string) {
    this.#imports = imports
  }

  /** Asks for expressions, by name. Returns what tells their values, after answer(). */
  ask(expressions: Readonly<Record<string, string>>): () => Record<string, number> {
    const first = this.#expressions.length
    const names = Object.keys(expressions)
    this.#expressions.push(...Object.values(expressions))
    return () => Object.fromEntries(names.map((name, i) => [name, this.#answers[first + i]!]))
  }

  /** Compiles what was asked. */
  async answer(): Promise<void> {
    const lines = this.#expressions.map((code, i) => `export function ask${i}(): u32 { return u32(${code}) }`)
    const exports = await run([this.#imports, ...lines].join('\n'))
    this.#answers = this.#expressions.map((_, i) => (exports[`ask${i}`] as () => number)() >>> 0)
  }
}
