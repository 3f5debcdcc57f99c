// Builds everything that is not committed, in the order in which the parts need each other:
//
//   assembly/  --asc-->      src/**/layout.ts: what TypeScript needs to know of it, which is committed (mirror.mjs)
//                            build/src/**/layout.js: the same, for the programs
//   assembly/  --asc-->      build/tophash.wasm, build/tophash-checked.wasm
//   src/       --esbuild-->  build/library (bundle.mjs): {index,lite}.js and what both share (wasm inside as base64), tophash.wasm
//                            checked.js: all of it once more, over the core with checkpoints
//                            THIRD-PARTY.txt: licences of what is bundled
//                            adapters/: stores for hosts, which import the library (entries.mjs)
//                            **/*.cjs: the same for require(); node/: entries for Node (entries.mjs)
//   src/       --tsc-->      build/types: **/*.d.ts; the types for require()
//   these two  ---------->   dist/
//   the rest   --esbuild-->  build/{bench,examples,test}/**/*.js (not bundled: they import 'tophash')
//
// A part that is up to date is not made again (stamps.mjs); of one that is not, a line on stderr says how long it takes.
//
// --only=release,library,examples makes these parts, and what they need: the mirror, the two cores (release, checked), the
// library (without checked.js, if the checked core is not up to date), its types, examples, bench, tests.
// --without=types,bench,tests makes the others. `programs` stands for examples, bench and tests.
// --fast does not optimise the cores, for tests of sources with bugs planted in them: half the time.
// --serve makes what each message of the parent process asks for, { without, fast }, in any case, and answers with {} or
// { error }: a compiler that has warmed up takes half a second, one that has just been started four.
import { copyInto, glob, rename, rm } from './fs.mjs'
import { CHECKED_CORE, LIBRARY, buildLibrary } from './bundle.mjs'
import { Fault } from './fault.mjs'
import { isFresh, makeStamped } from './stamps.mjs'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import * as esbuild from 'esbuild'
import { mirrorFiles, writeMirrors } from './mirror.mjs'
import { addCommonJSTypes } from './entries.mjs'

const root = path.dirname(import.meta.dirname)
process.chdir(root)
const TYPES = 'build/types'

const SETTINGS = ['package.json', 'tsconfig.json']
const PROGRAMS = ['examples', 'bench', 'tests']

/**
 * The parts, in the order in which they are made: what each is, what it is made from, what comes of it, and by what; and
 * what else is made if it is asked for by --only.
 */
const partsFor = ({ fast, hasChecked, hasTypes }) => ({
  mirror: {
    says: 'the mirror of the layout',
    inputs: ['assembly'],
    outputs: MIRRORS,
    make: writeMirrors,
  },
  release: coreFor('release', 'the core', ['build/tophash.wasm', 'build/tophash.wat'], fast),
  checked: coreFor('checked', 'the checked core', [CHECKED_CORE], fast),
  library: {
    says: 'the library',
    needs: ['mirror', 'release'],
    outputs: [LIBRARY],
    make: () => buildLibrary(hasChecked),
    inputs: ['src', 'scripts/entries.mjs', ...SETTINGS, 'build/tophash.wasm', ...(hasChecked ? [CHECKED_CORE] : [])],
  },
  types: {
    says: 'the types',
    needs: ['library'],
    outputs: [TYPES],
    make: emitTypes,
    inputs: ['src', 'scripts/entries.mjs', ...SETTINGS, 'tsconfig.build.json'],
  },
  dist: {
    says: 'dist/',
    outputs: ['dist'],
    make: () => assemble(hasTypes),
    inputs: [LIBRARY, ...(hasTypes ? [TYPES] : [])],
  },
  examples: programsOf('examples', 'the examples'),
  bench: programsOf('bench', 'the benchmarks'),
  tests: programsOf('test', "the tests' programs"),
})

const coreFor = (target, says, outputs, fast) => ({
  says,
  outputs,
  inputs: ['assembly', 'asconfig.json'],
  options: fast ? 'fast' : '',
  make: () => compileInThread({ target, fast }),
})

const programsOf = (folder, says) => ({
  says,
  needs: ['library'],
  inputs: [folder, ...SETTINGS],
  outputs: [`build/${folder}`],
  make: () => transpile(folder),
})

const MIRRORS = await mirrorFiles()
const ALL = Object.keys(partsFor({}))

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    without: { type: 'string', default: '' },
    fast: { type: 'boolean', default: false },
    serve: { type: 'boolean' },
  },
})

if (values.serve) process.on('message', async (options) => process.send(await answer(options)))
else await buildOnce(values)

async function buildOnce({ only, without, fast }) {
  try {
    const chosen = only === undefined ? ALL : withNeeds(named(only))
    const left = named(without)
    await build(
      chosen.filter((name) => !left.includes(name)),
      fast,
    )
  } catch (error) {
    console.error(error instanceof Fault ? error.message : error)
    process.exit(1)
  }
}

/** The parent waits for the answer before it asks for more. */
async function answer({ without, fast }) {
  try {
    const left = named(without.join())
    await buildAnyway(
      ALL.filter((name) => !left.includes(name)),
      fast,
    )
    return {}
  } catch (error) {
    return { error: error.message }
  }
}

/** The parts in a list with commas; dist/ comes with the library. */
function named(list) {
  const instead = { programs: PROGRAMS, library: ['library', 'dist'] }
  const names = list
    .split(',')
    .filter(Boolean)
    .flatMap((name) => instead[name] ?? name)
  const unknown = names.find((name) => !ALL.includes(name))
  if (unknown)
    throw new Fault(
      `There is no part '${unknown}' to be built; there are ${ALL.join(', ')}, and programs: ${PROGRAMS.join(', ')}.`,
    )
  return names
}

function withNeeds(names) {
  const needs = named(names.flatMap((name) => partsFor({})[name].needs ?? []).join())
  const all = new Set([...names, ...needs])
  return all.size > names.length ? withNeeds([...all]) : names
}

/** Makes those of these parts that are not up to date. */
async function build(names, fast) {
  const due = async (some, parts) => {
    const fresh = await Promise.all(some.map((name) => isFresh(name, parts[name])))
    return some.filter((name, i) => names.includes(name) && !fresh[i])
  }
  const cores = partsFor({ fast })
  await make(await due(['mirror', 'release', 'checked'], cores), cores)
  const hasChecked = await isFresh('checked', cores.checked)
  const library = partsFor({ fast, hasChecked })
  for (const name of ['library', 'types']) await make(await due([name], library), library)
  const parts = partsFor({ hasTypes: await isFresh('types', library.types) })
  for (const name of ['dist', ...PROGRAMS]) await make(await due([name], parts), parts)
}

/** Makes parts at the same time; says so, and how long it took. */
async function make(names, parts) {
  if (names.length === 0) return
  const begin = performance.now()
  process.stderr.write(`build: ${names.map((name) => parts[name].says).join(', ')} ...`)
  try {
    await Promise.all(names.map((name) => makeStamped(name, parts[name])))
    process.stderr.write(` ${((performance.now() - begin) / 1000).toFixed(1)} s\n`)
  } catch (error) {
    process.stderr.write('\n')
    throw error
  }
}

/** Makes these parts, whether they are up to date or not, and leaves no word of it. */
async function buildAnyway(names, fast) {
  const parts = partsFor({ fast, hasChecked: true, hasTypes: names.includes('types') })
  for (const target of ['release', 'checked']) parts[target].make = () => compileHere({ target, fast })
  for (const name of names) await parts[name].make()
}

/** dist/ is put together beside its place, so that a program that runs meanwhile finds one. */
async function assemble(withTypes) {
  const next = `build/dist-${process.pid}`
  await rm(next)
  for (const folder of [LIBRARY, ...(withTypes ? [TYPES] : [])]) await copyInto(folder, next)
  await rm('dist')
  await rename(next, 'dist')
}

/** In a thread of its own: the two cores at the same time. */
async function compileInThread(workerData) {
  const worker = new Worker(new URL('compile-core.mjs', import.meta.url), { workerData })
  const [fault] = await once(worker, 'message')
  if (fault) throw new Fault(fault)
}

/** In this thread, whose compiler stays warm. */
async function compileHere(options) {
  const { compileCore } = await import('./compile-core.mjs')
  const fault = await compileCore(options)
  if (fault) throw new Fault(fault)
}

async function emitTypes() {
  await rm(TYPES)
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', TYPES], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Fault(stdout)
  await addCommonJSTypes(TYPES)
}

/** Programs of a folder, one by one; what is left of sources that are gone goes, too. */
async function transpile(folder) {
  const sources = (await glob(folder, '.ts')).filter((file) => !file.includes('node_modules')) // bench/ can have its own
  const next = `build/${folder}-${process.pid}`
  await rm(next)
  await esbuild.build({
    entryPoints: sources,
    absWorkingDir: root,
    outdir: next,
    outbase: folder,
    format: 'esm',
    target: 'es2022',
  })
  await rm(`build/${folder}`)
  await rename(next, `build/${folder}`)
}
