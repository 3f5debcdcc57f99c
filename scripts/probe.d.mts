export function compile(source: string, ...flags: string[]): Promise<Uint8Array<ArrayBuffer>>
export function run(source: string): Promise<Record<string, unknown>>
export function evaluate(lists: readonly { imports: string; expressions: readonly string[] }[]): Promise<number[][]>
