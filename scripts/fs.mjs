// The few file operations that the scripts share.
import * as fs from 'node:fs/promises'
import path from 'node:path'

export { copyFile, readFile, rename, writeFile } from 'node:fs/promises'

/** Removes a file or folder if it is there. */
export const rm = (target) => fs.rm(target, { recursive: true, force: true })

/** Creates a folder and its parents. */
export const mkdir = (folder) => fs.mkdir(folder, { recursive: true })

/** Copies what is in a folder into another one, which is created. */
export const copyInto = (folder, target) => fs.cp(folder, target, { recursive: true })

/** Lists the files below `folder` whose names end in `ending`, as paths from the working directory. */
export async function glob(folder, ending) {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.name.endsWith('.d.ts'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}
