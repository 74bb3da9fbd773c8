/** Something deliberately broken, and the case that is there to catch it. */
export interface Mutant<T> {
  /** The defect, in words. */
  readonly name: string;
  /** The first case of the suite that fails on it. */
  readonly caughtBy: string;
  readonly make: T;
  /** The members of the backend that are not what they should be. Left out: any. */
  readonly parts?: readonly string[];
}
