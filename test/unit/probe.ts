// Compiles a few lines of AssemblyScript against the core's sources, so that a test can ask the compiler itself for an
// offset, or call a function that the core does not export.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FLAGS = ['--runtime', 'stub', '--importMemory', '--sharedMemory', '--initialMemory', '4', '--maximumMemory', '65536']

/** The exports of `source`, which may import from './assembly/...'; and the memory that it runs in. */
export async function compile(source: string): Promise<{ exports: Record<string, unknown>; memory: WebAssembly.Memory }> {
  let binary: Uint8Array<ArrayBuffer> | undefined
  const { error, stderr } = await asc.main(['probe.ts', '--outFile', 'probe.wasm', '--enable', 'threads', ...FLAGS], {
    readFile: (name) => (name === 'probe.ts' ? source : read(name)),
    writeFile: (name, contents) => {
      if (name === 'probe.wasm') binary = contents as Uint8Array<ArrayBuffer>
    },
    listFiles: () => [],
  })
  if (error || !binary) throw new Error(`${error?.message}\n${stderr.toString()}`)
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared: true })
  const abort = (): never => {
    throw new Error('The probe aborted.')
  }
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory, abort } })
  return { exports: instance.exports, memory }
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
  const { exports } = await compile([imports, ...lines].join('\n'))
  return Object.fromEntries(
    Object.keys(expressions).map((name) => [name, (exports[`ask_${name}`] as () => number)() >>> 0]),
  )
}
