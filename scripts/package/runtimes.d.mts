export function findRuntime(runtime: string): Promise<string | undefined>
