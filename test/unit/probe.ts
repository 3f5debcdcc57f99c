// Asks the compiler itself for numbers of the core, see scripts/probe.mjs.
import { evaluate } from '../../scripts/probe.mjs'

export { compile, run } from '../../scripts/probe.mjs'

/** AssemblyScript constant expressions, of which all values come out of one compilation. */
export class Questions {
  readonly #imports: string
  readonly #expressions: string[] = []
  #answers: readonly number[] = []

  constructor(imports: string) {
    this.#imports = imports
  }

  /** Asks for expressions, by name. Returns what tells their values, after answer(). */
  ask(expressions: Readonly<Record<string, string>>): () => Record<string, number> {
    const first = this.#expressions.length
    const names = Object.keys(expressions)
    this.#expressions.push(...Object.values(expressions))
    return () => Object.fromEntries(names.map((name, i) => [name, this.#answers[first + i]!]))
  }

  /** Compiles what was asked. */
  async answer(): Promise<void> {
    const [answers] = await evaluate([{ imports: this.#imports, expressions: this.#expressions }])
    this.#answers = answers!
  }
}
