// Uses the package as installed in other runtimes than the one that runs this: old and new versions of Node, by import and by
// require(), Bun, and Deno. Each counts from two workers, and a worker that dies in the middle of its work is noticed.
// They are npm packages, which are fetched once into build/runtimes: `npm run test:runtimes`, or with some of their names.
import { Consumer, expect } from './package/consumer.mjs'
import { DEATH, PRINTED, PROGRAM } from './package/programs.mjs'
import { findRuntime } from './package/runtimes.mjs'

/** The oldest that package.json promises, those without process.getBuiltinModule, and the newest of each line. */
const RUNTIMES = ['node@20.9.0', 'node@20.18.0', 'node@22.1.0', 'node@22', 'node@24', 'node@26', 'bun@1', 'deno@2']
const ARGUMENTS = { node: [], bun: [], deno: ['run', '--allow-all'] }
/** In Deno a worker that is terminated at work runs on for a while, and nobody can tell when it ends. */
const NOTICES = { node: true, bun: true, deno: false }

const wanted = process.argv.slice(2)
const missing = []

await Consumer.with(async (consumer) => {
  await consumer.write('program.mjs', PROGRAM)
  await consumer.write('death.mjs', `import { SharedMap } from 'tophash'\n${DEATH}`)
  await consumer.write(
    'death.cjs',
    `const { SharedMap } = require('tophash')\n${DEATH.replaceAll(/import (.*) from (.*)/g, 'const $1 = require($2)')}`,
  )
  for (const runtime of RUNTIMES) if (wanted.length === 0 || wanted.includes(runtime)) await use(consumer, runtime)
})
if (missing.length > 0) {
  console.log(`Left out, because npm could not install them: ${missing.join(', ')}`)
  if (process.env.CI) process.exitCode = 1
}

async function use(consumer, runtime) {
  const [name] = runtime.split('@')
  const program = await findRuntime(runtime)
  if (!program) return void missing.push(runtime)
  const run = (file) => consumer.run(program, ...ARGUMENTS[name], consumer.at(file))
  const version = consumer.run(program, '--version').split('\n')[0]
  expect(`two workers in ${runtime}`, run('program.mjs'), PRINTED)
  if (NOTICES[name]) for (const file of ['death.mjs', 'death.cjs']) expect(`a death in ${runtime}, ${file}`, run(file), '1 whole')
  console.log(`${runtime} (${version}): counted from two workers${NOTICES[name] ? ', and noticed the deaths of ten' : ''}.`)
}
