/** Whether two types are the same, not merely assignable to each other. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `is<Expected>()(value)` compiles only when the value has exactly the type that is expected. */
export declare function is<Expected>(): <Found>(
  value: Found,
  ...same: Same<Expected, Found> extends true ? [] : ['another type was found:', Found]
) => void;
