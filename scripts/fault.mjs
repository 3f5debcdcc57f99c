/** What is wrong with the sources; its message says all. */
export class Fault extends Error {}
