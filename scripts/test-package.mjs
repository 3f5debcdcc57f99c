// Packs the package, installs it into an empty folder as a user does, and uses it there: from two workers, by import
// and by require, and from TypeScript. `npm run test:package` prints what was done and fails if anything is amiss.
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as esbuild from 'esbuild'
import { glob } from './fs.mjs'

const root = path.dirname(import.meta.dirname)
const { name, version, files = [], exports } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

const PROGRAM = `
import { Worker, isMainThread, workerData } from 'node:worker_threads'
import { SharedHeap, SharedMap } from 'tophash'

if (isMainThread) {
  const map = new SharedMap([['start', 1]], { key: 'string', value: 'number' })
  const heap = new SharedHeap()
  const handles = { handle: map.handle, heap: heap.handle }
  const workers = [1, 2].map((id) => new Worker(new URL(import.meta.url), { workerData: { id, ...handles } }))
  const codes = await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))))
  map.check()
  heap.check()
  const people = Object.fromEntries([...heap.map('people')].sort())
  console.log(JSON.stringify({ codes, entries: [...map].sort(), people }))
} else {
  const { id, handle, heap } = workerData
  const map = SharedMap.attach(handle)
  for (let n = 0; n < 10_000; n++) map.increment('count')
  map.set('worker ' + id, id)
  SharedHeap.attach(heap).map('people').set(id, { name: 'worker ' + id, tags: [id] })
}
`
const PRINTED =
  '{"codes":[0,0],"entries":[["count",20000],["start",1],["worker 1",1],["worker 2",2]],' +
  '"people":{"1":{"name":"worker 1","tags":[1]},"2":{"name":"worker 2","tags":[2]}}}'

const LITE = `
import { SharedMap, SharedSet } from 'tophash/lite'
const map = new SharedMap([['ann', 1]])
let refused
try {
  map.set('bob', {})
} catch ({ code }) {
  refused = code
}
const { SharedMap: full } = await import('tophash')
console.log(JSON.stringify([[...map], [...new SharedSet([1n])].length, refused, full === SharedMap]))
`

const BUNDLED = `
import { SharedMap } from 'tophash'
console.log(JSON.stringify(new SharedMap([['ann', { name: 'Ann' }]]).get('ann')))
`

const REQUIRING = `
const { SharedMap } = require('tophash')
console.log(new SharedMap([[1, 2]], { key: 'number', value: 'number' }).get(1))
`

const CHECKED = `
import { SharedMap, onCheckpoint } from 'tophash/checked'
const map = new SharedMap()
let steps = 0
onCheckpoint(() => steps++)
map.set('ann', 1)
console.log(JSON.stringify([map.get('ann'), steps > 5]))
`

const RESOLVING = `
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
const bytes = await readFile(fileURLToPath(import.meta.resolve('tophash/tophash.wasm')))
const { version } = JSON.parse(await readFile(fileURLToPath(import.meta.resolve('tophash/package.json')), 'utf8'))
const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ name }) => name)
console.log(JSON.stringify({ version, imports }))
const deep = await import('tophash/dist/index.js').catch(({ code }) => code)
console.log(deep)
`

const TYPED = `
import { SharedHeap, SharedMap, SharedSet, TophashError, type SharedMapHandle } from 'tophash'
import { SharedMap as LiteMap } from 'tophash/lite'
const map = new SharedMap([['ann', 1]], { key: 'string', value: 'number' })
export const total: number = map.increment('ann')
export const handle: SharedMapHandle = map.handle
export const code: string = new TophashError('ERR_OPTIONS', '').code
export const people = new SharedHeap().map<string, { name: string }>('people').set('ann', { name: 'Ann' })
export const words: SharedSet<string> = new SharedSet(['a'])
export class Scores extends SharedMap<string, number> {}
export const pairs: [string, number][] = [...new LiteMap([['ann', 1]])]
{
  using scores = new Scores([['ann', 1]])
  scores.increment('ann')
}
// @ts-expect-error the values are numbers
map.set('ann', 'one')
`

const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tophash-package-')))
try {
  const tarball = await pack()
  await install(tarball)
  await useFromWorkers()
  await useLite()
  await useChecked()
  await useBundled()
  await useByRequire()
  await resolveExports()
  for (const [module, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) await useFromTypeScript(module, resolution)
  console.log('The package is fine.')
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Packs, which builds first, and looks at what went in. */
async function pack() {
  const [packed] = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', folder))
  const inside = packed.files.map((file) => file.path)
  const always = ['package.json', 'README.md', 'LICENSE']
  const strays = inside.filter((file) => !always.includes(file) && !files.some((entry) => file === entry || file.startsWith(`${entry}/`)))
  expect('files that "files" does not name', strays, [])
  for (const entry of [...always, ...targets(exports)]) expect(`${entry} is packed`, inside.includes(entry), true)
  const sources = inside.filter((file) => /(^|\/)(assembly|src|test|bench|build|examples|scripts|node_modules)\/|\.test\.|(?<!\.d)\.ts$/.test(file))
  expect('sources, tests and build files', sources, [])
  expect('the version', packed.version, version)
  console.log(`Packed ${inside.length} files, ${packed.unpackedSize.toLocaleString('en')} bytes unpacked: ${inside.filter((file) => !file.endsWith('.d.ts')).join(', ')}.`)
  return path.join(folder, packed.filename)
}

/** Every file that the exports of package.json lead to. */
function targets(entry) {
  return typeof entry === 'string' ? [entry.replace('./', '')] : Object.values(entry).flatMap(targets)
}

async function install(tarball) {
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }))
  npm(folder, 'install', '--offline', '--no-audit', '--no-fund', tarball)
  const manifests = await glob(path.join(folder, 'node_modules'), 'package.json')
  expect('installed packages', manifests, [path.join(folder, 'node_modules', name, 'package.json')])
  console.log('Installed it, offline, into an empty folder; nothing else came with it.')
}

async function useFromWorkers() {
  expect('the program with two workers', run(await write('program.mjs', PROGRAM)), PRINTED)
  console.log('Counted in one map from two workers.')
}

async function useLite() {
  expect("'tophash/lite'", run(await write('lite.mjs', LITE)), '[[["ann",1]],1,"ERR_VALUE_TYPE",true]')
  console.log("Used 'tophash/lite', which has no codec and the same classes.")
}

async function useChecked() {
  expect("'tophash/checked'", run(await write('checked.mjs', CHECKED)), '[1,true]')
  console.log("Used 'tophash/checked', which tells its steps.")
}

/** A bundler leaves out what nobody imports: the codec that 'tophash' brings must not be among it. */
async function useBundled() {
  const entry = await write('bundled.mjs', BUNDLED)
  const outfile = path.join(folder, 'bundled.out.mjs')
  await esbuild.build({ entryPoints: [entry], outfile, bundle: true, minify: true, format: 'esm', logLevel: 'error' })
  expect('the bundled program', run(outfile), '{"name":"Ann"}')
  console.log('Bundled it, with the codec for objects.')
}

async function useByRequire() {
  if (!process.features.require_module) {
    console.log(`require() of ES modules is not in ${process.version}: left out.`)
    return
  }
  expect('require', run(await write('program.cjs', REQUIRING)), '2')
  console.log('Loaded it by require().')
}

async function resolveExports() {
  const printed = run(await write('resolve.mjs', RESOLVING)).split('\n')
  expect('tophash.wasm and package.json', printed[0], JSON.stringify({ version, imports: ['clock', 'ask', 'memory'] }))
  expect('what is not exported', printed[1], 'ERR_PACKAGE_PATH_NOT_EXPORTED')
  console.log('Resolved tophash/tophash.wasm, which imports a memory, the clock of traces, and the question who lives.')
}

async function useFromTypeScript(module, moduleResolution) {
  const options = { module, moduleResolution, target: 'es2022', lib: ['es2022', 'dom'], types: [], strict: true, noEmit: true, skipLibCheck: false }
  await write('typed.mts', TYPED)
  await write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: ['typed.mts'] }))
  run(tsc, '-p', path.join(folder, 'tsconfig.json'))
  console.log(`Compiled a program against its types, with module resolution "${moduleResolution}".`)
}

async function write(file, content) {
  await writeFile(path.join(folder, file), content)
  return path.join(folder, file)
}

function npm(cwd, ...args) {
  return spawn('npm', args, { cwd, shell: process.platform === 'win32' })
}

/** Runs a script with Node in the folder and returns what it printed. */
function run(...args) {
  return spawn(process.execPath, args, { cwd: folder }).trim()
}

function spawn(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000, ...options })
  if (status === 0) return stdout
  throw new Error(`${[command, ...args].join(' ')} failed (${error?.message ?? `exit code ${status}`}):\n${stdout}${stderr}`)
}

function expect(what, given, expected) {
  const [found, wanted] = [JSON.stringify(given), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${what}: got ${found}, expected ${wanted}`)
}
