/** Files that what bundles the pages imports as strings. */
declare module '*.txt' {
  const text: string;
  export default text;
}
declare module '*.wasm' {
  /** A data: URL. */
  const url: string;
  export default url;
}
