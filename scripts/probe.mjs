// Compiles a few lines of AssemblyScript against the core's sources, to ask the compiler itself for a number, or to call a
// function that the core does not export.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import asc from 'assemblyscript/asc'

const root = path.dirname(import.meta.dirname)
const SETTINGS = { '--runtime': 'stub', '--enable': 'threads', '--initialMemory': '4', '--maximumMemory': '65536' }
const FLAGS = [...Object.entries(SETTINGS).flat(), '--importMemory', '--sharedMemory']

/** The binary of `source`, which may import from './assembly/...'. */
export async function compile(source, ...flags) {
  return compileFiles({ 'probe.ts': source }, flags)
}

/** The exports of `source`, in a memory of its own. */
export async function run(source) {
  return instantiate(await compile(source))
}

/** The values of expressions, of which all lists, each with imports of its own, come out of one compilation. */
export async function evaluate(lists) {
  const files = lists.map(({ imports, expressions }, list) => {
    const lines = expressions.map((code, i) => `export function ask_${list}_${i}(): f64 { return f64(${code}) }`)
    return [`list${list}.ts`, [imports, ...lines].join('\n')]
  })
  const exports = instantiate(await compileFiles(Object.fromEntries(files), []))
  return lists.map(({ expressions }, list) => expressions.map((_, i) => exports[`ask_${list}_${i}`]()))
}

async function compileFiles(files, flags) {
  let binary
  const { error, stderr } = await asc.main([...Object.keys(files), '--outFile', 'probe.wasm', ...FLAGS, ...flags], {
    readFile: (name) => files[name] ?? read(name),
    writeFile: (name, contents) => {
      if (name === 'probe.wasm') binary = contents
    },
    listFiles: () => [],
  })
  if (error || !binary) throw new Error(`${error?.message}\n${stderr.toString()}`)
  return binary
}

function instantiate(binary) {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared: true })
  const abort = () => {
    throw new Error('The probe aborted.')
  }
  return new WebAssembly.Instance(new WebAssembly.Module(binary), {
    env: { memory, abort, recoverIfDead: () => 0, clock: () => 1, checkpoint: () => {} },
  }).exports
}

/** A file of the core; its options are not for probes, which need no optimising. */
function read(name) {
  if (name === 'asconfig.json') return null
  try {
    return readFileSync(path.join(root, name), 'utf8')
  } catch {
    return null // asc asks for several places until one has the file
  }
}
