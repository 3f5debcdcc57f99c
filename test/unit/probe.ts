// Compiles a few lines of AssemblyScript against the core's sources, so that a test can ask the compiler itself for an
// offset, or call a function that the core does not export.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FLAGS = ['--runtime', 'stub', '--importMemory', '--sharedMemory', '--initialMemory', '4', '--maximumMemory', '65536']

/** The binary of `source`, which may import from './assembly/...'. */
export async function compile(source: string, ...flags: string[]): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined
  const { error, stderr } = await asc.main(['probe.ts', '--outFile', 'probe.wasm', '--enable', 'threads', ...FLAGS, ...flags], {
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

function read(name: string): string | null {
  try {
    return readFileSync(ROOT + name, 'utf8')
  } catch {
    return null // asc asks for several places until one has the file
  }
}

/** The values of AssemblyScript constant expressions, by name. */
export async function evaluate(imports: string, expressions: Record<string, string>): Promise<Record<string, number>> {
  const lines = Object.entries(expressions).map(([name, code]) => `export function ask_${name}(): u32 { return u32(${code}) }`)
  const exports = await run([imports, ...lines].join('\n'))
  return Object.fromEntries(
    Object.keys(expressions).map((name) => [name, (exports[`ask_${name}`] as () => number)() >>> 0]),
  )
}
