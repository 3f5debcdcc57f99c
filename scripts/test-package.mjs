// Packs the package, installs it into an empty folder as a user does, and uses it there: from two workers, by import
// and by require, bundled, and from TypeScript. `npm run test:package` prints what was done and fails if anything is amiss.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import * as esbuild from 'esbuild'
import { glob } from './fs.mjs'
import { Consumer, expect, manifest } from './package/consumer.mjs'
import * as programs from './package/programs.mjs'
import { haveTools, lint, lookAtTypes, useFromJest } from './package/tools.mjs'
import { useFromTypeScript } from './package/types.mjs'

const { name, version, files, exports, main, module } = manifest

await Consumer.with(async (consumer) => {
  await lookInside(consumer)
  await useFromWorkers(consumer)
  await useLite(consumer)
  await useChecked(consumer)
  await useBundled(consumer)
  await useAdapters(consumer)
  await useByRequire(consumer)
  await useBoth(consumer)
  await resolveExports(consumer)
  await useFromTypeScript(consumer)
  if (haveTools()) {
    await lint(consumer)
    await lookAtTypes(consumer)
    await useFromJest(consumer)
  }
  console.log('The package is fine.')
})

/** What is packed, and what is installed with it. */
async function lookInside({ packed, folder }) {
  const inside = packed.files.map((file) => file.path)
  const always = ['package.json', 'README.md', 'LICENSE']
  const strays = inside.filter(
    (file) =>
      !always.includes(file) &&
      (files.includes(`!${file}`) || !files.some((entry) => file === entry || file.startsWith(`${entry}/`))),
  )
  expect('files that "files" does not name', strays, [])
  for (const entry of [...always, ...targets([main, module, exports])]) expect(`${entry} is packed`, inside.includes(entry), true)
  const sources = inside.filter((file) =>
    /(^|\/)(assembly|src|test|bench|build|examples|scripts|node_modules)\/|\.test\.|(?<!\.d)\.ts$/.test(file),
  )
  expect('sources, tests and build files', sources, [])
  expect('the version', packed.version, version)
  for (const page of inside.filter((file) => file.endsWith('.md'))) {
    const pictures = picturesOf(await readFile(path.join(folder, 'node_modules', name, page), 'utf8'))
    const missing = pictures
      .map((picture) => path.posix.join(path.posix.dirname(page), picture))
      .filter((picture) => !inside.includes(picture))
    expect(`pictures of ${page} that are not packed`, missing, [])
  }
  const manifests = await glob(path.join(folder, 'node_modules'), 'package.json')
  expect('installed packages', manifests, [path.join(folder, 'node_modules', name, 'package.json')])
  const [packedBytes, bytes] = [packed.size, packed.unpackedSize].map((size) => size.toLocaleString('en'))
  console.log(`Packed ${inside.length} files, ${packedBytes} bytes, ${bytes} unpacked; nothing else came with it.`)
}

/** The files that a page shows as pictures, as Markdown or HTML name them. */
function picturesOf(text) {
  const sources = [...text.matchAll(/\b(?:src|srcset)="([^"]+)"|!\[[^\]]*\]\(([^)]+)\)/g)].map(
    ([, html, markdown]) => html ?? markdown,
  )
  return [...new Set(sources)].filter((source) => !/^https?:/.test(source))
}

/** Every file that the exports of package.json lead to. */
function targets(entry) {
  return typeof entry === 'string' ? [entry.replace('./', '')] : Object.values(entry).flatMap(targets)
}

async function useFromWorkers(consumer) {
  expect('the program with two workers', consumer.node(await consumer.write('program.mjs', programs.PROGRAM)), programs.PRINTED)
  console.log('Counted in one map from two workers.')
}

async function useLite(consumer) {
  expect(
    "'tophash/lite'",
    consumer.node(await consumer.write('lite.mjs', programs.LITE)),
    '[[["ann",1]],1,"ERR_VALUE_TYPE",true]',
  )
  console.log("Used 'tophash/lite', which has no codec and the same classes.")
}

async function useChecked(consumer) {
  expect("'tophash/checked'", consumer.node(await consumer.write('checked.mjs', programs.CHECKED)), '[1,true]')
  console.log("Used 'tophash/checked', which tells its steps.")
}

/**
 * A bundler leaves out what nobody imports: the codec that 'tophash' brings must not be among it. For a page nothing of
 * Node's may be imported; for a server it may.
 */
async function useBundled(consumer) {
  const entry = await consumer.write('bundled.mjs', programs.BUNDLED)
  for (const [platform, format] of [
    ['browser', 'esm'],
    ['browser', 'iife'],
    ['node', 'esm'],
    ['node', 'cjs'],
  ]) {
    const outfile = consumer.at(`bundled.out.${format === 'esm' ? 'mjs' : 'cjs'}`)
    const options = { bundle: true, minify: true, logLevel: 'error', metafile: true }
    const { metafile } = await esbuild.build({ ...options, entryPoints: [entry], outfile, platform, format })
    expect(`the program bundled for ${platform}, as ${format}`, consumer.node(outfile), '{"name":"Ann"}')
    const outside = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external))
    expect(`modules of Node's in a bundle for ${platform}`, outside.length > 0, platform === 'node')
    expect(
      'adapters in a bundle without any',
      Object.keys(metafile.inputs).filter((file) => file.includes('/adapters/')),
      [],
    )
  }
  console.log('Bundled it for pages and for servers, with the codec for objects.')
}

/** Where no host is installed the library works, and so does each store that needs nothing of its host. No store has a core of its own. */
async function useAdapters(consumer) {
  expect(
    'the stores, without their hosts',
    consumer.node(await consumer.write('adapters.mjs', programs.ADAPTERS)),
    programs.ADAPTED,
  )
  const files = await glob(path.join(consumer.folder, 'node_modules', name, 'dist', 'adapters'), 'js')
  const large = (await Promise.all(files.map(async (file) => [file, (await readFile(file)).length]))).filter(
    ([, bytes]) => bytes > 48_000, // the core alone is more than 100 kB
  )
  expect('stores with something of the library in them', large, [])
  console.log('Imported and required the stores, of which each stands on the library that the program has.')
}

async function useByRequire(consumer) {
  for (const flag of ['--no-experimental-require-module', '--experimental-require-module']) {
    const args = process.features.require_module === undefined ? [] : [flag, '--no-warnings']
    expect(
      `require ${flag}`,
      consumer.node(...args, await consumer.write('program.cjs', programs.REQUIRING)),
      '2 {"name":"Ann"} ERR_VALUE_TYPE 1',
    )
  }
  console.log('Loaded it by require(), as CommonJS and as an ES module.')
}

/** Old ones have two copies, new ones one. */
async function useBoth(consumer) {
  const file = await consumer.write('both.mjs', programs.BOTH)
  const printed = '{"people":{"ann":{"age":2},"bob":{"age":2}},"refused":true,"numbers":[[1,2]],"listeners":1}'
  const one = process.features.require_module ? ['--no-experimental-require-module'] : []
  for (const args of [one, []]) expect('import and require', consumer.node(...args, file), printed)
  console.log('Imported and required it in one thread: both have the same map, and listen once.')
}

async function resolveExports(consumer) {
  const printed = consumer.node(await consumer.write('resolve.mjs', programs.RESOLVING)).split('\n')
  expect('tophash.wasm and package.json', printed[0], JSON.stringify({ version, imports: ['clock', 'recoverIfDead', 'memory'] }))
  expect('what is not exported', printed[1], 'ERR_PACKAGE_PATH_NOT_EXPORTED')
  console.log('Resolved tophash/tophash.wasm, which imports a memory, the clock of traces, and the question who lives.')
}
