// The parts of a document that are made: between <!-- begin: name --> and <!-- end: name -->, in lines of their own.
import { UsageError } from './report.js'

const MARK = /^<!-- (begin|end): ([\w-]+) -->$/

/** Returns the document with new parts, and the names of those that it has. Everything else stays as it is. */
export function replaceMarked(document: string, origin: string, parts: Map<string, string>): { text: string; names: string[] } {
  const lines: string[] = []
  const names: string[] = []
  let open: string | undefined
  for (const [index, line] of document.split('\n').entries()) {
    const [, kind, name] = MARK.exec(line.trimEnd()) ?? []
    if (kind === undefined && open !== undefined) continue
    lines.push(line)
    if (kind === undefined) continue
    open = nextOpen(open, kind, name!, `${origin}, line ${index + 1}`)
    if (open === undefined) continue
    const part = parts.get(open)
    if (part === undefined) {
      const known = [...parts.keys()].join(', ')
      throw new UsageError(`${origin}, line ${index + 1}: nothing is called '${open}'; there are ${known}`)
    }
    names.push(open)
    lines.push(part)
  }
  if (open !== undefined) throw new UsageError(`${origin}: '${open}' begins and does not end`)
  return { text: lines.join('\n'), names }
}

/** The name of the part that this mark opens, undefined if it closes one. */
function nextOpen(open: string | undefined, kind: string, name: string, where: string): string | undefined {
  if (kind === 'begin' && open === undefined) return name
  if (kind === 'end' && open === name) return undefined
  if (open === undefined) throw new UsageError(`${where}: '${name}' ends and did not begin`)
  throw new UsageError(`${where}: '${open}' has to end before '${name}' ${kind}s`)
}
