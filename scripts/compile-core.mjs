// Compiles the core; as a worker thread, what it is told to, while another one compiles the other core.
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import asc from 'assemblyscript/asc'

/** Returns what is wrong with the sources, or an empty text. */
export async function compileCore({ target, fast }) {
  const argv = ['--config', 'asconfig.json', '--target', target]
  if (fast) argv.push('--optimizeLevel', '0')
  const { error, stderr } = await asc.main(argv)
  return error ? `asc: ${error.message}\n${stderr.toString()}` : ''
}

if (!isMainThread) parentPort.postMessage(await compileCore(workerData))
