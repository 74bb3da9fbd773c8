/** What Vite makes of files that are asked for as text or as an address. */
declare module '*?raw' {
  const text: string;
  export default text;
}
declare module '*?url' {
  const url: string;
  export default url;
}
