// Builds everything that is not committed, in the order in which the parts need each other:
//
//   assembly/  --asc-->      build/tophash.wasm, build/tophash-checked.wasm
//   src/       --esbuild-->  dist/{index,lite}.js and what both share (wasm inside as base64), dist/tophash.wasm
//                            dist/checked.js: all of it once more, over the core with checkpoints
//   src/       --tsc-->      dist/**/*.d.ts
//   licences of what is bundled --> dist/THIRD-PARTY.txt
//   the rest   --esbuild-->  build/{bench,examples,test}/**/*.js (not bundled: they import 'tophash')
//
// --without=release,checked,library,types,programs leaves some of it as it is: the two cores, dist/, its types, the rest.
// --fast does not optimise the cores, for tests of sources with bugs planted in them: half the time.
// --serve builds what each message of the parent process asks for, { without, fast }, and answers with {} or { error }:
// a compiler that has warmed up takes half a second, one that has just been started four.
import { copyFile, glob, mkdir, readFile, rename, rm, writeFile } from './fs.mjs'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'
import asc from 'assemblyscript/asc'
import * as esbuild from 'esbuild'

const root = path.dirname(import.meta.dirname)
process.chdir(root)
const next = `build/dist-${process.pid}`

/** Packages of which code is in dist/, and the files that say under which terms. */
const BUNDLED = [
  { name: 'devalue', texts: ['devalue/LICENSE'] },
  { name: '@assemblyscript/loader', texts: ['assemblyscript/NOTICE', 'assemblyscript/LICENSE'] },
]

/** How the library is bundled. */
const BUNDLE = {
  absWorkingDir: root, // or it would be where this process began
  outdir: next,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022', // without a target the binary loader emits Uint8Array.fromBase64, which Node 20 lacks
  loader: { '.wasm': 'binary' },
  legalComments: 'none',
}

/** What is wrong with the sources; its message says all. */
class Fault extends Error {}

const { values } = parseArgs({ options: {
  without: { type: 'string', default: '' }, fast: { type: 'boolean', default: false }, serve: { type: 'boolean' },
} })

if (values.serve) process.on('message', async (options) => process.send(await answer(options)))
else await buildOnce({ without: values.without.split(','), fast: values.fast })

async function buildOnce(options) {
  try {
    await build(options)
  } catch (error) {
    console.error(error instanceof Fault ? error.message : error)
    process.exit(1)
  }
}

/** The parent waits for the answer before it asks for more. */
async function answer(options) {
  try {
    await build(options)
    return {}
  } catch (error) {
    return { error: error.message }
  }
}

async function build({ without, fast }) {
  for (const target of ['release', 'checked']) if (!without.includes(target)) await compileCore(target, fast)
  if (!without.includes('library')) await buildLibrary(!without.includes('types'))
  if (!without.includes('programs')) await transpilePrograms()
}

/** The library is put together beside dist/ and then takes its place, so that a program that runs meanwhile finds one. */
async function buildLibrary(withTypes) {
  await rm(next)
  await mkdir(next)
  await copyFile('build/tophash.wasm', `${next}/tophash.wasm`)
  await bundleLibrary()
  await bundleChecked()
  await gatherLicences()
  if (withTypes) emitTypes()
  await rm('dist')
  await rename(next, 'dist')
}

async function bundleLibrary() {
  await esbuild.build({
    ...BUNDLE,
    entryPoints: { index: 'src/index.ts', lite: 'src/lite.ts' },
    splitting: true, // one class for both entries
    chunkNames: 'shared-[hash]',
  })
}

/** The same sources over the other core. */
async function bundleChecked() {
  const swap = { name: 'checked', setup: (build) => {
    build.onResolve({ filter: /\/tophash\.wasm$/ }, () => ({ path: path.resolve('build/tophash-checked.wasm') }))
    build.onResolve({ filter: /\/hooks\.js$/ }, () => ({ path: path.resolve('src/core/hooks.checked.ts') }))
  } }
  await esbuild.build({ ...BUNDLE, entryPoints: { checked: 'src/checked.ts' }, plugins: [swap] })
}

async function compileCore(target, fast) {
  const argv = ['--config', 'asconfig.json', '--target', target]
  if (fast) argv.push('--optimizeLevel', '0')
  const { error, stderr } = await asc.main(argv)
  if (error) throw new Fault(`asc: ${error.message}\n${stderr.toString()}`)
}

/** What is bundled comes with its licence. */
async function gatherLicences() {
  const parts = await Promise.all(BUNDLED.map(async ({ name, texts }) => {
    const licence = await Promise.all(texts.map((text) => readFile(`node_modules/${text}`, 'utf8')))
    return [`== ${name} ==`, ...licence.map((text) => text.trim())].join('\n\n')
  }))
  await writeFile(`${next}/THIRD-PARTY.txt`, `This package contains code of:\n\n${parts.join('\n\n\n')}\n`)
}

function emitTypes() {
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', next], { encoding: 'utf8' })
  if (status !== 0) throw new Fault(stdout)
}

async function transpilePrograms() {
  await esbuild.build({
    entryPoints: [...(await glob('bench', '.ts')), ...(await glob('examples', '.ts')), ...(await glob('test', '.ts'))],
    absWorkingDir: root,
    outdir: 'build',
    outbase: '.',
    format: 'esm',
    target: 'es2022',
  })
}
