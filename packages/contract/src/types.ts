/** Shows an intersection as the plain object that it is. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {}
