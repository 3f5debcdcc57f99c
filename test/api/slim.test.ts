// 'tophash/slim': the library without its core, for workers to which another thread gives the compiled one.
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import { beforeAll, expect, it } from 'vitest'

const FOLDER = fileURLToPath(new URL('../../build/test/slim/', import.meta.url)) // inside the package: it is found by its name

const MAIN = `
import { SharedMap, coreModule } from 'tophash'
import { Worker } from 'node:worker_threads'
const hits = new SharedMap(null, { key: 'string' })
const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: { hits: hits.handle, core: coreModule() } })
await new Promise((done) => worker.once('exit', done))
hits.check()
console.log(hits.get('count'), hits.get('object').nested.join())
`
const WORKER = `
import { SharedMap, useCore } from 'tophash/slim'
import { workerData } from 'node:worker_threads'
useCore(workerData.core)
const hits = SharedMap.attach(workerData.hits)
for (let n = 0; n < 1000; n++) hits.increment('count')
hits.set('object', { nested: [1, 2] })
`
const REFUSALS = `
import { SharedMap, useCore } from 'tophash/slim'
import { coreModule } from 'tophash'
const tell = (action) => { try { action(); console.log('done') } catch ({ code, message }) { console.log(code + ': ' + message) } }
tell(() => new SharedMap())
tell(() => useCore({}))
tell(() => useCore(coreModule()))
tell(() => new SharedMap([[1, 2]]))
tell(() => useCore(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))))
`

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true })
  for (const [name, program] of Object.entries({ main: MAIN, worker: WORKER, refusals: REFUSALS }))
    writeFileSync(`${FOLDER}${name}.mjs`, program)
})

async function run(name: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [`${FOLDER}${name}.mjs`])
  return stdout.trim().split('\n')
}

it('lets a worker work with the core that its parent has compiled', async () => {
  expect(await run('main')).toEqual(['1000 1,2'])
})

it('says what is missing, and takes no other core once it has one', async () => {
  expect(await run('refusals')).toEqual([
    expect.stringMatching(/^ERR_OPTIONS: tophash\/slim brings no core: call useCore\(module\) first/),
    expect.stringMatching(/^ERR_OPTIONS: useCore takes the WebAssembly.Module/),
    'done',
    'done',
    expect.stringMatching(/^ERR_OPTIONS: This thread uses a core already/),
  ])
})

it('makes the bundle of a worker two thirds as large, or less', async () => {
  const sizeOf = async (entry: string): Promise<number> => {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: `export * from '${entry}'`, resolveDir: FOLDER },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      tsconfigRaw: {},
    })
    return gzipSync(outputFiles[0]!.contents).length
  }
  expect(await sizeOf('tophash/slim')).toBeLessThan(0.67 * (await sizeOf('tophash')))
})
