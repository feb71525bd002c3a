/** A YAML file imported as its text; the bundler puts it in. */
declare module '*.yaml' {
  const text: string;
  export default text;
}
