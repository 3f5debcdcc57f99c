// Regular expressions, and the end of the stack. V8 compiles one when it first runs, once for texts whose units are bytes
// and once for others; and that of Node 20 and 22 ends the whole process ("RegExpCompiler Allocation failed") if there is too
// little of the stack left for it, where anything else would throw. An operation can be called there, and so can what handles an
// error. So every regular expression of the library is run at import, after which it stays compiled; none may run first
// where somebody calls us. test/api/regexps.test.ts sees to it.

/** Texts of both kinds. */
export const SAMPLES: readonly string[] = ['a<', '\u1234<']
/** The first run compiles to code that is interpreted, the second to the machine's. */
export const RUNS = 3

/** The expression, compiled. */
export function compiled(expression: RegExp): RegExp {
  for (let run = 0; run < RUNS; run++) for (const text of SAMPLES) expression.test(text)
  return expression
}
