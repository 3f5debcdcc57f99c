/** A broken promise: a small change to the sources that a test must notice. */
export interface Bug {
  /** What is broken, in a few words; unique. */
  readonly name: string
  /** The file that it is in, from the root of the project. */
  readonly file: string
  /** Text that is in the file exactly once, and what stands there instead. */
  readonly replace: string
  readonly by: string
  /** The test that turns red: its file, and its name or a part of it. */
  readonly test: readonly [file: string, name: string]
}

/** The source with the bug in it. @throws if the bug does not fit the source any more */
export function plant({ name, file, replace, by }: Bug, source: string): string {
  const parts = source.split(replace)
  if (parts.length !== 2) throw new Error(`${name}: its text is in ${file} ${parts.length - 1} times, not once`)
  return parts.join(by)
}
